/// @file
/// De Leva 1996 (adjusted Zatsiorsky-Seluyanov), both sexes.
///
/// Masses are fractions of body mass, mass centres fractions of the segment's length from the
/// proximal or cranial end, radii of gyration fractions of the length about the sagittal
/// (antero-posterior), transverse (medio-lateral) and longitudinal axes: I = m (k L)^2.
/// Mean subjects: male 73.0 kg, 1.741 m; female 61.9 kg, 1.735 m.
///
/// Endpoints differ from the first table of the paper in two rows: head from vertex to C7, shank
/// to the ankle joint centre (both from the paper's table of alternative endpoints), because the
/// model's joints are there. The female thigh is short (368.5 mm) because that hip centre sits low;
/// the model uses its own hip-knee distance and keeps the fractions.
///
/// Source: de Leva 1996, J Biomech 29:1223-1230, table 4.
#include "model/deleva.h"

#include <string.h>

static const kc_deleva_row table[KC_N_SEX][KC_N_DELEVA] = {
    {
        {"head", 1, 0.0694, 0.2429, 0.5002, 0.303, 0.315, 0.261},
        {"upper_trunk", 1, 0.1596, 0.1707, 0.2999, 0.716, 0.454, 0.659},
        {"middle_trunk", 1, 0.1633, 0.2155, 0.4502, 0.482, 0.383, 0.468},
        {"lower_trunk", 1, 0.1117, 0.1457, 0.6115, 0.615, 0.551, 0.587},
        {"upper_arm", 0, 0.0271, 0.2817, 0.5772, 0.285, 0.269, 0.158},
        {"forearm", 0, 0.0162, 0.2689, 0.4574, 0.276, 0.265, 0.121},
        {"hand", 0, 0.0061, 0.0862, 0.7900, 0.628, 0.513, 0.401},
        {"thigh", 0, 0.1416, 0.4222, 0.4095, 0.329, 0.329, 0.149},
        {"shank", 0, 0.0433, 0.4403, 0.4395, 0.251, 0.246, 0.102},
        {"foot", 0, 0.0137, 0.2581, 0.4415, 0.257, 0.245, 0.124},
    },
    {
        {"head", 1, 0.0668, 0.2437, 0.4841, 0.271, 0.295, 0.261},
        {"upper_trunk", 1, 0.1545, 0.1425, 0.2077, 0.746, 0.502, 0.718},
        {"middle_trunk", 1, 0.1465, 0.2053, 0.4512, 0.433, 0.354, 0.415},
        {"lower_trunk", 1, 0.1247, 0.1815, 0.4920, 0.433, 0.402, 0.444},
        {"upper_arm", 0, 0.0255, 0.2751, 0.5754, 0.278, 0.260, 0.148},
        {"forearm", 0, 0.0138, 0.2643, 0.4559, 0.261, 0.257, 0.094},
        {"hand", 0, 0.0056, 0.0780, 0.7474, 0.531, 0.454, 0.335},
        {"thigh", 0, 0.1478, 0.3685, 0.3612, 0.369, 0.364, 0.162},
        {"shank", 0, 0.0481, 0.4386, 0.4352, 0.267, 0.263, 0.092},
        {"foot", 0, 0.0129, 0.2283, 0.4014, 0.299, 0.279, 0.139},
    },
};

const kc_deleva_row *kc_model_deleva_row(kc_sex sex, kc_deleva_segment segment) {
  return &table[sex][segment];
}

double kc_model_deleva_stature(kc_sex sex) { return sex == KC_MALE ? 1.741 : 1.735; }

double kc_model_deleva_base(kc_sex sex, kc_deleva_segment segment) {
  double base = 0;
  if (segment == KC_DELEVA_UPPER_TRUNK)
    base += table[sex][KC_DELEVA_MIDDLE_TRUNK].length;
  if (segment == KC_DELEVA_UPPER_TRUNK || segment == KC_DELEVA_MIDDLE_TRUNK)
    base += table[sex][KC_DELEVA_LOWER_TRUNK].length;
  return base;
}

int kc_model_find_deleva(const char *name) {
  for (int i = 0; i < KC_N_DELEVA; i++)
    if (strcmp(table[KC_MALE][i].name, name) == 0)
      return i;
  return -1;
}
