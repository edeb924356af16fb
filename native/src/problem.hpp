#pragma once
#include <string>

namespace tutti {

/// A typed error for a person, as in core/base/src/problem.ts; `code` is one of its codes.
struct Problem {
    std::string code;
    std::string field;
    std::string message;
    std::string fix;
};

/// A problem of one part of a plan: the id of a receiver or sender, `device` or `clock`.
struct PlanProblem {
    std::string id;
    Problem problem;
};

} // namespace tutti
