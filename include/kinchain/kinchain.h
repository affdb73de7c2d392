/// @file
/// The library in one header: scenarios in, runs, recordings and gait out, HDF5 files.
///
/// The road of one run (src/app/run.c walks it):
///   kc_scenario_read        a YAML file with its settings and conditions, two compiled bodies
///   kc_record_create        a recording; its two sinks go into a kc_run
///   kc_study_run_parallel   one run or many, over lanes and threads
///   kc_gait_analyse         steps, strides, metrics, curves
///   kc_io_write_result      the HDF5 file
/// Names of the mechanics after Featherstone 2008: q v a tau X S I. SI units and radians
/// throughout; ground frame X forward, Y up, Z right. Every call that can fail returns a kc_status
/// and lists its findings in a kc_error of the caller's.
#pragma once
#include "base/error.h"
#include "control/params.h"
#include "gait/metrics.h"
#include "io/result.h"
#include "model/read.h"
#include "record/recording.h"
#include "scenario/scenario.h"
#include "sim/engine.h"
#include "study/parallel.h"
#include "study/tune.h"
