#pragma once
#include "plan.hpp"
#include "problem.hpp"

#include <optional>
#include <vector>

namespace tutti {

/// Checks of a plan that need nothing but the plan: limits of protocols.md section 16, conflicts between its
/// parts. [control]
/// @returns one problem a part, the first found.
std::vector<PlanProblem> check_plan(const Plan& plan);

/// Largest link offset in frames: what is written ahead must stay inside the half of the ring that is cleared
/// ahead.
uint32_t max_link_offset(uint32_t rate);

std::optional<Problem> check_device(const DevicePlan& device);

} // namespace tutti
