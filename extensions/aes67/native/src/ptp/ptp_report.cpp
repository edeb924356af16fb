#include "ptp/ptp_report.hpp"

#include <arpa/inet.h>

#include "json_writer.hpp"
#include "ptp/election_reason.hpp"

namespace tutti::aes67::ptp {
namespace {

std::string address_text(uint32_t address) {
    char text[INET_ADDRSTRLEN] = "";
    inet_ntop(AF_INET, &address, text, sizeof text);
    return text;
}

void write_interfaces(JsonWriter& json, const PtpReport& report) {
    json.name("interfaces").begin_array();
    for (const PtpReport::Interface& each : report.interfaces) {
        if (each.name.empty())
            continue;
        json.begin_object()
            .member("name", each.name)
            .member("address", address_text(each.address))
            .member("timestamping", each.timestamping);
        if (!each.reason.empty())
            json.member("reason", each.reason);
        json.end_object();
    }
    json.end_array();
}

// Where something is heard, if that is still there.
void write_interface(JsonWriter& json, const PtpReport& report, uint16_t port) {
    const size_t index = port - 1u;
    if (index < report.interfaces.size() && !report.interfaces[index].name.empty())
        json.member("interface", report.interfaces[index].name);
}

void write_master(JsonWriter& json, const PtpReport& report) {
    const ClockStatus& clock = report.clock;
    if (!clock.master)
        return;
    json.name("master")
        .begin_object()
        .member("identity", to_text(clock.master->clock))
        .member("port", clock.master->port)
        .member("address", address_text(clock.master_address));
    write_interface(json, report, clock.master_port);
    json.end_object();
}

void write_clock(JsonWriter& json, const Announce& clock) {
    json.member("priority1", clock.priority1)
        .member("clockClass", clock.clock_class)
        .member("accuracy", clock.accuracy)
        .member("variance", clock.variance)
        .member("priority2", clock.priority2)
        .member("stepsRemoved", clock.steps_removed);
}

void write_dataset(JsonWriter& json, const ClockStatus& clock) {
    if (!clock.master && !clock.is_grandmaster)
        return;
    const auto has = [&](uint16_t bit) { return (clock.flags & bit) != 0; };
    json.name("dataset").begin_object().member("identity", to_text(clock.grandmaster.grandmaster));
    write_clock(json, clock.grandmaster);
    json.member("timeSource", clock.grandmaster.time_source)
        .member("utcOffset", clock.grandmaster.utc_offset_s)
        .member("utcOffsetValid", has(flag::utc_offset_valid))
        .member("ptpTimescale", has(flag::ptp_timescale))
        .member("timeTraceable", has(flag::time_traceable))
        .member("frequencyTraceable", has(flag::frequency_traceable))
        .member("leap", has(flag::leap61)   ? 1
                        : has(flag::leap59) ? -1
                                            : 0)
        .end_object();
}

void write_measured(JsonWriter& json, const ClockStatus& clock) {
    if (clock.offset_ns)
        json.member("offsetNs", *clock.offset_ns);
    if (clock.path_delay_ns)
        json.name("pathDelayNs").value(*clock.path_delay_ns, 0);
    json.name("ratePpm").value(clock.rate_deviation * 1e6, 4);
    json.name("rates").begin_object();
    json.name("announce").value(clock.rates.announce, 2);
    json.name("sync").value(clock.rates.sync, 2);
    json.name("delayRequest").value(clock.rates.delay_request, 2);
    json.name("delayResponse").value(clock.rates.delay_response, 2);
    json.end_object();
}

void write_counters(JsonWriter& json, const ClockStatus& clock) {
    const ClockCounters& counters = clock.counters;
    json.name("counters")
        .begin_object()
        .member("refused", counters.refused)
        .member("ignored", counters.ignored)
        .member("announces", counters.announces)
        .member("syncs", counters.syncs)
        .member("delayRequests", counters.delay_requests)
        .member("delayResponses", counters.delay_responses)
        .member("unansweredDelayRequests", uint64_t{clock.unanswered_delay_requests})
        .member("peerRequests", counters.peer_requests)
        .member("steps", counters.steps);
    if (clock.own) {
        json.member("announcesSent", counters.announces_sent)
            .member("syncsSent", counters.syncs_sent)
            .member("delayRequestsHeard", counters.requests_heard)
            .member("delayResponsesSent", counters.responses_sent)
            .member("takeovers", counters.takeovers);
    }
    json.end_object();
}

void write_candidate(JsonWriter& json, const PtpReport& report, const Candidate& candidate) {
    json.begin_object()
        .member("protocol", "PTPv2")
        .member("domain", candidate.domain)
        .member("identity", to_text(candidate.sender.clock))
        .member("grandmaster", to_text(candidate.announce.grandmaster))
        .member("port", candidate.sender.port)
        .member("address", address_text(candidate.place.address));
    write_interface(json, report, candidate.place.port);
    write_clock(json, candidate.announce);
    json.member("announces", candidate.announces)
        .member("ageMs", (report.clock.at_ns - candidate.last_heard_ns) / 1'000'000)
        .member("standing", to_text(candidate.standing))
        .member("reason", reason_of(candidate, report.clock))
        .end_object();
}

void write_ourselves(JsonWriter& json, const PtpReport& report) {
    const ClockStatus& clock = report.clock;
    json.begin_object()
        .member("protocol", "PTPv2")
        .member("domain", clock.domain)
        .member("identity", to_text(clock.identity.clock))
        .member("grandmaster", to_text(clock.own->grandmaster))
        .member("port", clock.identity.port);
    if (!report.interfaces.empty() && !report.interfaces.front().name.empty())
        json.member("address", address_text(report.interfaces.front().address));
    write_interface(json, report, 1);
    write_clock(json, *clock.own);
    json.member("announces", clock.counters.announces_sent)
        .member("standing", "ourselves")
        .member("reason", own_reason(clock))
        .end_object();
}

// The winner first, whoever it is.
void write_candidates(JsonWriter& json, const PtpReport& report) {
    const ClockStatus& clock = report.clock;
    json.name("candidates").begin_array();
    if (clock.own && clock.is_grandmaster)
        write_ourselves(json, report);
    for (const Candidate& candidate : clock.election)
        write_candidate(json, report, candidate);
    if (clock.own && !clock.is_grandmaster)
        write_ourselves(json, report);
    json.end_array();
}

} // namespace

std::string to_json(const PtpReport& report) {
    const ClockStatus& clock = report.clock;
    JsonWriter json;
    json.begin_object()
        .member("role", clock.is_grandmaster ? "grandmaster" : "follower")
        .member("identity", to_text(clock.identity.clock))
        .member("domain", clock.domain);
    write_interfaces(json, report);
    write_master(json, report);
    write_dataset(json, clock);
    write_measured(json, clock);
    write_counters(json, clock);
    write_candidates(json, report);
    json.member("lastStepNs", clock.last_step_ns).end_object();
    return json.text();
}

} // namespace tutti::aes67::ptp
