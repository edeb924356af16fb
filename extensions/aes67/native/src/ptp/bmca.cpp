#include "ptp/bmca.hpp"

namespace tutti::aes67::ptp {

Comparison compare(const Announce& first, const PortIdentity& first_sender, const Announce& second,
                   const PortIdentity& second_sender) noexcept {
    if (first.grandmaster == second.grandmaster) {
        if (first.steps_removed != second.steps_removed)
            return {first.steps_removed < second.steps_removed, Criterion::steps_removed};
        if (first_sender != second_sender)
            return {first_sender < second_sender, Criterion::sender_identity};
        return {};
    }
    if (first.priority1 != second.priority1)
        return {first.priority1 < second.priority1, Criterion::priority1};
    if (first.clock_class != second.clock_class)
        return {first.clock_class < second.clock_class, Criterion::clock_class};
    if (first.accuracy != second.accuracy)
        return {first.accuracy < second.accuracy, Criterion::accuracy};
    if (first.variance != second.variance)
        return {first.variance < second.variance, Criterion::variance};
    if (first.priority2 != second.priority2)
        return {first.priority2 < second.priority2, Criterion::priority2};
    return {first.grandmaster < second.grandmaster, Criterion::grandmaster_identity};
}

const char* to_text(Criterion criterion) noexcept {
    switch (criterion) {
    case Criterion::priority1:
        return "priority1";
    case Criterion::clock_class:
        return "clockClass";
    case Criterion::accuracy:
        return "clockAccuracy";
    case Criterion::variance:
        return "offsetScaledLogVariance";
    case Criterion::priority2:
        return "priority2";
    case Criterion::grandmaster_identity:
        return "grandmasterIdentity";
    case Criterion::steps_removed:
        return "stepsRemoved";
    case Criterion::sender_identity:
        return "sourcePortIdentity";
    case Criterion::receiver:
        return "portNumber of the receiver";
    }
    return "";
}

} // namespace tutti::aes67::ptp
