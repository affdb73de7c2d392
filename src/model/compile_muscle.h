/// @file
/// The muscles' part of compiling a definition.
#pragma once
#include "base/block.h"
#include "model/definition.h"

/// Counts or hands out guides, wraps, muscles, their points and wrap uses; sets their numbers.
void kc_model_lay_out_muscles(kc_block *block, const kc_model_def *def, kc_model *model);
/// Fills guides, wraps and muscles of a model whose joints are compiled.
///
/// @param link [in] joint index that carries each body of the definition
void kc_model_compile_muscles(const kc_model_def *def, const int *link, kc_model *model);
