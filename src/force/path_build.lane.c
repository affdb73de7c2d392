// Topology of the paths: spans and their homes, contacts, the joints that a muscle crosses.
#include "force/path_parts.lane.h"

// entry of a link among the contacts of the muscle in hand, which are the last
static int find_contact(kc_paths *paths, int muscle, int link) {
  for (int i = paths->contact_adr[muscle]; i < paths->n_contact; i++)
    if (paths->contact_link[i] == link)
      return i;
  paths->contact_link[paths->n_contact] = link;
  return paths->n_contact++;
}

static int find_guide_contact(kc_paths *paths, int muscle, int joint) {
  for (int i = paths->guide_adr[muscle]; i < paths->n_guide_contact; i++)
    if (paths->guide_joint[i] == joint)
      return i;
  paths->guide_joint[paths->n_guide_contact] = joint;
  return paths->n_guide_contact++;
}

static int find_relative(kc_paths *paths, int home, int link) {
  if (home == link)
    return -1;
  for (int i = 0; i < paths->n_relative; i++)
    if (paths->relative_home[i] == home && paths->relative_link[i] == link)
      return i;
  paths->relative_home[paths->n_relative] = home;
  paths->relative_link[paths->n_relative] = link;
  return paths->n_relative++;
}

static path_end build_end(kc_paths *paths, int muscle, int home, int link, int guide) {
  path_end end = {.link = link, .relative = find_relative(paths, home, link), .guide = guide};
  end.node = end.node_contact = -1;
  end.contact = end.relative < 0 ? -1 : find_contact(paths, muscle, link);
  end.guide_contact = -1;
  if (guide >= 0)
    end.guide_contact = find_guide_contact(paths, muscle, paths->guide[guide].joint);
  return end;
}

// end e of the muscle lies in a node
static void tie_end(kc_paths *paths, const kc_muscle *from, int muscle, int e, path_end *end) {
  if (!from->node[e])
    return;
  end->node = from->node[e] - 1, end->node_contact = paths->n_node_contact;
  paths->node_contact[paths->n_node_contact] = end->node;
  paths->node_muscle[paths->n_node_contact++] = muscle;
  paths->tied[muscle] = 1;
}

// the first and the last end of a muscle's path
static void tie_ends(kc_paths *paths, const kc_model *model, int muscle, int point, path_end *first,
                     path_end *last) {
  const kc_muscle *from = &model->muscle[muscle];
  if (point == from->point_adr)
    tie_end(paths, from, muscle, 0, first);
  if (point + 2 == from->point_adr + from->n_point)
    tie_end(paths, from, muscle, 1, last);
}

static void complete_span(kc_paths *paths, path_span *span, int muscle, int point, int home) {
  span->muscle = muscle, span->point = point;
  int apart = span->end[0].relative >= 0 || span->end[1].relative >= 0;
  span->contact = apart ? find_contact(paths, muscle, home) : -1;
}

// between the point and the next, round the surfaces wrap[0 .. n)
static void build_span(kc_paths *paths, const kc_model *model, int muscle, int point, int n,
                       const int *wrap) {
  const kc_path_point *p = &model->path_point[point];
  if (n == 0) {
    path_span *span = &paths->span[paths->n_span++];
    for (int e = 0; e < 2; e++)
      span->end[e] = build_end(paths, muscle, p[0].link, p[e].link, p[e].guide);
    tie_ends(paths, model, muscle, point, &span->end[0], &span->end[1]);
    complete_span(paths, span, muscle, point, p[0].link);
    return;
  }
  path_bend *bend = n == 1 ? &paths->bend[paths->n_bend++] : paths->pair[paths->n_pair++].bend;
  int last = model->path_wrap[wrap[n - 1]].wrap;
  for (int b = 0; b < n; b++) {
    bend[b].wrap = wrap[b], bend[b].surface = model->path_wrap[wrap[b]].wrap;
    int home = paths->surface[bend[b].surface].link;
    path_end *end = bend[b].span.end;
    end[0] = b == 0 ? build_end(paths, muscle, home, p[0].link, p[0].guide)
                    : build_end(paths, muscle, home, paths->surface[last].link, -1);
    end[1] = b == n - 1 ? build_end(paths, muscle, home, p[1].link, p[1].guide)
                        : build_end(paths, muscle, home, paths->surface[last].link, -1);
    complete_span(paths, &bend[b].span, muscle, point, home);
  }
  tie_ends(paths, model, muscle, point, &bend[0].span.end[0], &bend[n - 1].span.end[1]);
}

// notes on what an end is the first to pull
static void mark_end(path_end *end, int home_contact, unsigned char *touched) {
  int contact[2] = {end->contact, home_contact};
  for (int k = 0; k < 2 && end->relative >= 0; k++) {
    end->is_first[k] = !touched[contact[k]];
    touched[contact[k]] = 1;
  }
}

// in the order in which the paths are computed: so no contact needs to be cleared before
static void mark_first(kc_paths *paths) {
  unsigned char *touched = paths->touched;
  for (int i = 0; i < paths->n_span; i++)
    for (int e = 0; e < 2; e++)
      mark_end(&paths->span[i].end[e], paths->span[i].contact, touched);
  for (int i = 0; i < paths->n_bend; i++)
    for (int e = 0; e < 2; e++)
      mark_end(&paths->bend[i].span.end[e], paths->bend[i].span.contact, touched);
  for (int i = 0; i < paths->n_pair; i++)
    for (int k = 0; k < 3; k++) { // the cut is an end of the first bend
      path_span *span = &paths->pair[i].bend[k / 2].span;
      mark_end(&span->end[k > 0], span->contact, touched);
    }
}

void kc_path_build(kc_paths *paths, const kc_model *model) {
  for (int i = 0; i < paths->n_surface; i++)
    paths->surface[i].link = model->wrap[i].link, paths->surface[i].shape = model->wrap[i].shape;
  for (int i = 0; i < paths->n_guide; i++)
    paths->guide[i].link = model->guide[i].link, paths->guide[i].joint = model->guide[i].joint;
  for (int m = 0; m < paths->n_muscle; m++) {
    const kc_muscle *muscle = &model->muscle[m];
    for (int i = 0; i + 1 < muscle->n_point; i++) {
      int wrap[2], n = 0;
      for (int w = 0; w < muscle->n_wrap && n < 2; w++)
        if (model->path_wrap[muscle->wrap_adr + w].after == i)
          wrap[n++] = muscle->wrap_adr + w;
      if (!path_is_rigid(model, muscle, i))
        build_span(paths, model, m, muscle->point_adr + i, n, wrap);
    }
    paths->contact_adr[m + 1] = paths->n_contact;
    paths->guide_adr[m + 1] = paths->n_guide_contact;
  }
  mark_first(paths);
}

static int is_below(const kc_tree *tree, int joint, int link) {
  while (link > joint)
    link = tree->parent[link];
  return link == joint;
}

static int find_screw(kc_paths *paths, int joint, int link) {
  for (int i = 0; i < paths->n_screw; i++)
    if (paths->screw_joint[i] == joint && paths->screw_link[i] == link)
      return i;
  paths->screw_joint[paths->n_screw] = joint, paths->screw_link[paths->n_screw] = link;
  return paths->n_screw++;
}

// the contacts on the side of the joint that has fewer
static void build_crossing(kc_paths *paths, const kc_tree *tree, int muscle, int joint) {
  int first = paths->contact_adr[muscle], end = paths->contact_adr[muscle + 1], n_below = 0;
  for (int i = first; i < end; i++)
    n_below += is_below(tree, joint, paths->contact_link[i]);
  if (n_below == 0 || n_below == end - first)
    return;
  int below = 2 * n_below <= end - first;
  path_crossing *crossing = &paths->crossing[paths->n_crossing++];
  crossing->joint = joint, crossing->sign = kc_real(below ? 1.0 : -1.0);
  crossing->term_adr = paths->n_term;
  for (int i = first; i < end; i++) {
    if (is_below(tree, joint, paths->contact_link[i]) != below)
      continue;
    paths->term_contact[paths->n_term] = i;
    paths->term_screw[paths->n_term++] = find_screw(paths, joint, paths->contact_link[i]);
  }
  crossing->n_term = paths->n_term - crossing->term_adr;
}

void kc_path_build_crossings(kc_paths *paths, const kc_tree *tree) {
  for (int m = 0; m < paths->n_muscle; m++) {
    for (int j = 0; j < paths->n_joint; j++)
      build_crossing(paths, tree, m, j);
    paths->crossing_adr[m + 1] = paths->n_crossing;
  }
}
