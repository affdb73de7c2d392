/// @file
/// Designs in the unit cube: points whose coordinates are shares of the factors' distributions.
///
/// Random: numbered streams, so that more points leave the first ones as they are. Latin hypercube:
/// each factor meets each of n equal slices once. Sobol: GSL's sequence (40 dimensions at most)
/// from its first point, 0, under a random digital shift of 30 bits, in the middles of the cells of
/// 2^-30; best with a power of two of points. Saltelli: for each of n rows of two matrices A and B
/// (columns of one sequence of 2 k dimensions) the points A, B, and A with column i from B. Morris:
/// trajectories of k + 1 points over p levels, each step moving one factor by p / (2 (p - 1)).
/// Sources: McKay, Beckman and Conover 1979; Bratley and Fox 1988 (numbers of the sequence);
/// Saltelli et al. 2010, doi:10.1016/j.cpc.2009.09.018; Morris 1991, doi:10.2307/1269043. The same
/// bits on every machine (math/README.md).
#pragma once
#include "base/error.h"

/// X(name): the designs that a file may ask for.
#define KC_DESIGN_LIST(X)                                                                          \
  X(grid) X(one_at_a_time) X(list) X(random) X(latin_hypercube) X(sobol) X(saltelli) X(morris)

typedef enum {
#define X(name) KC_DESIGN_##name,
  KC_DESIGN_LIST(X)
#undef X
} kc_design_kind;

/// What is asked for: a kind from random on.
typedef struct {
  kc_design_kind kind;
  int n_factor;
  int n;                 ///< points; rows of Saltelli's matrices; trajectories of Morris
  int n_level;           ///< of Morris: even
  kc_design_kind sample; ///< where Saltelli's matrices come from: random, latin_hypercube, sobol
  unsigned long long seed;
} kc_points_choice;

/// The points of a design.
typedef struct {
  kc_points_choice choice;
  int n_point, n_dimension; ///< columns of `share`
  double *share;            ///< (rows x n_dimension) 0..1
} kc_points;

/// Dimensions of GSL's Sobol sequence; most numbers that a design keeps.
enum { KC_POINTS_MAX_SOBOL = 40, KC_POINTS_MAX_SHARE = 1 << 24 };

/// The number of points of a choice, without making them.
long long kc_points_count(const kc_points_choice *choice);
/// Makes the points.
///
/// @param place for messages, such as "sweep.yaml:7:3: design"
/// @return KC_OK and points to be freed; KC_ERR_INPUT for more dimensions than the sequence has or
///         more numbers than are kept, with what to do; KC_ERR_MEMORY
kc_status kc_points_create(const kc_points_choice *choice, const char *place, kc_points **points,
                           kc_error *error) KC_WARN_UNUSED;
/// Frees points; takes NULL.
void kc_points_destroy(kc_points *points);
/// The least and the greatest coordinate that any point has along a factor.
void kc_points_find_ends(const kc_points *points, int factor, double *least, double *greatest);
/// Coordinates of point `index`: share (n_factor), each 0..1; never 0 or 1 but in Morris' levels.
void kc_points_eval(const kc_points *points, int index, double *share);
