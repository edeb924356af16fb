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
        json.begin_object()
            .member("name", each.name)
            .member("address", address_text(each.address))
            .member("timestamping", each.timestamping)
            .end_object();
    }
    json.end_array();
}

// Where everything is heard.
void write_interface(JsonWriter& json, const PtpReport& report) {
    if (!report.interfaces.empty())
        json.member("interface", report.interfaces.front().name);
}

void write_master(JsonWriter& json, const PtpReport& report) {
    const PortStatus& port = report.port;
    if (!port.master)
        return;
    json.name("master")
        .begin_object()
        .member("identity", to_text(port.master->clock))
        .member("port", port.master->port)
        .member("address", address_text(port.master_address));
    write_interface(json, report);
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

void write_dataset(JsonWriter& json, const PortStatus& port) {
    if (!port.master && !port.is_grandmaster)
        return;
    const auto has = [&](uint16_t bit) { return (port.flags & bit) != 0; };
    json.name("dataset").begin_object().member("identity", to_text(port.grandmaster.grandmaster));
    write_clock(json, port.grandmaster);
    json.member("timeSource", port.grandmaster.time_source)
        .member("utcOffset", port.grandmaster.utc_offset_s)
        .member("utcOffsetValid", has(flag::utc_offset_valid))
        .member("ptpTimescale", has(flag::ptp_timescale))
        .member("timeTraceable", has(flag::time_traceable))
        .member("frequencyTraceable", has(flag::frequency_traceable))
        .member("leap", has(flag::leap61)   ? 1
                        : has(flag::leap59) ? -1
                                            : 0)
        .end_object();
}

void write_measured(JsonWriter& json, const PortStatus& port) {
    if (port.offset_ns)
        json.member("offsetNs", *port.offset_ns);
    if (port.path_delay_ns)
        json.name("pathDelayNs").value(*port.path_delay_ns, 0);
    json.name("ratePpm").value(port.rate_deviation * 1e6, 4);
    json.name("rates").begin_object();
    json.name("announce").value(port.rates.announce, 2);
    json.name("sync").value(port.rates.sync, 2);
    json.name("delayRequest").value(port.rates.delay_request, 2);
    json.name("delayResponse").value(port.rates.delay_response, 2);
    json.end_object();
}

void write_counters(JsonWriter& json, const PortStatus& port) {
    const PortCounters& counters = port.counters;
    json.name("counters")
        .begin_object()
        .member("refused", counters.refused)
        .member("ignored", counters.ignored)
        .member("announces", counters.announces)
        .member("syncs", counters.syncs)
        .member("delayRequests", counters.delay_requests)
        .member("delayResponses", counters.delay_responses)
        .member("unansweredDelayRequests", uint64_t{port.unanswered_delay_requests})
        .member("peerRequests", counters.peer_requests)
        .member("steps", counters.steps);
    if (port.own) {
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
        .member("address", address_text(candidate.address));
    write_interface(json, report);
    write_clock(json, candidate.announce);
    json.member("announces", candidate.announces)
        .member("ageMs", (report.port.at_ns - candidate.last_heard_ns) / 1'000'000)
        .member("standing", to_text(candidate.standing))
        .member("reason", reason_of(candidate, report.port))
        .end_object();
}

void write_ourselves(JsonWriter& json, const PtpReport& report) {
    const PortStatus& port = report.port;
    json.begin_object()
        .member("protocol", "PTPv2")
        .member("domain", port.domain)
        .member("identity", to_text(port.identity.clock))
        .member("grandmaster", to_text(port.own->grandmaster))
        .member("port", port.identity.port);
    if (!report.interfaces.empty())
        json.member("address", address_text(report.interfaces.front().address));
    write_interface(json, report);
    write_clock(json, *port.own);
    json.member("announces", port.counters.announces_sent)
        .member("standing", "ourselves")
        .member("reason", own_reason(port))
        .end_object();
}

// The winner first, whoever it is.
void write_candidates(JsonWriter& json, const PtpReport& report) {
    const PortStatus& port = report.port;
    json.name("candidates").begin_array();
    if (port.own && port.is_grandmaster)
        write_ourselves(json, report);
    for (const Candidate& candidate : port.election)
        write_candidate(json, report, candidate);
    if (port.own && !port.is_grandmaster)
        write_ourselves(json, report);
    json.end_array();
}

} // namespace

std::string to_json(const PtpReport& report) {
    const PortStatus& port = report.port;
    JsonWriter json;
    json.begin_object()
        .member("role", port.is_grandmaster ? "grandmaster" : "follower")
        .member("identity", to_text(port.identity.clock))
        .member("domain", port.domain);
    write_interfaces(json, report);
    write_master(json, report);
    write_dataset(json, port);
    write_measured(json, port);
    write_counters(json, port);
    write_candidates(json, report);
    json.member("lastStepNs", port.last_step_ns).end_object();
    return json.text();
}

} // namespace tutti::aes67::ptp
