/// @file
/// Body segment figures of de Leva 1996: masses, mass centres, radii of gyration, lengths.
#pragma once

/// Whose segment figures.
typedef enum { KC_MALE, KC_FEMALE, KC_N_SEX } kc_sex;

/// Segments: upright ones (head, trunk) lie on a line from their lower to their upper end.
typedef enum {
  KC_DELEVA_HEAD,         ///< C7 to vertex
  KC_DELEVA_UPPER_TRUNK,  ///< xiphion to suprasternale
  KC_DELEVA_MIDDLE_TRUNK, ///< omphalion to xiphion
  KC_DELEVA_LOWER_TRUNK,  ///< mid hip to omphalion
  KC_DELEVA_UPPER_ARM,    ///< shoulder to elbow
  KC_DELEVA_FOREARM,      ///< elbow to wrist
  KC_DELEVA_HAND,         ///< wrist to third metacarpale
  KC_DELEVA_THIGH,        ///< hip to knee
  KC_DELEVA_SHANK,        ///< knee to ankle
  KC_DELEVA_FOOT,         ///< heel to toe tip
  KC_N_DELEVA
} kc_deleva_segment;

/// One row of the table, as fractions.
typedef struct {
  const char *name;
  int upright;   ///< placed by the table's own lengths along a line that points up
  double mass;   ///< of body mass
  double length; ///< m, of the mean subject
  double com;    ///< from the proximal or cranial end (foot: heel), of the length
  double k_sagittal, k_transverse, k_long; ///< radii of gyration, of the length
} kc_deleva_row;

/// The row of a segment.
///
/// @source de Leva 1996, J Biomech 29:1223, table 4; DOI 10.1016/0021-9290(95)00178-6
const kc_deleva_row *kc_model_deleva_row(kc_sex sex, kc_deleva_segment segment);
/// Stature of the mean subject, m (male 1.741, female 1.735).
double kc_model_deleva_stature(kc_sex sex);
/// Height of an upright segment's lower end above the line's origin, m, mean subject: the trunk
/// segments are stacked from mid hip; the head stands on C7, its own origin.
double kc_model_deleva_base(kc_sex sex, kc_deleva_segment segment);
/// Index of the segment with that name (such as lower_trunk), or -1.
int kc_model_find_deleva(const char *name);
