#pragma once
#include "plan.hpp"

#include <napi.h>

namespace tutti {

/// Reads an EnginePlan object. What is missing or of another type becomes zero or empty, which the plan's
/// checks then refuse by name.
Plan read_plan(const Napi::Object& object);

} // namespace tutti
