#include "observer_report.hpp"

#include <cmath>
#include <cstdio>
#include <string_view>

namespace tutti::dante_compat {
namespace {

// One JSON object, member by member. Texts are of printable characters without quotes: whoever made them saw
// to it.
class JsonObject {
  public:
    void raw(std::string_view name, std::string_view value) {
        text_ += text_.empty() ? "{\"" : ",\"";
        text_.append(name).append("\":").append(value);
    }
    void text(std::string_view name, std::string_view value) { raw(name, "\"" + std::string(value) + "\""); }
    void flag(std::string_view name, bool value) { raw(name, value ? "true" : "false"); }
    void integer(std::string_view name, int64_t value) { raw(name, std::to_string(value)); }
    void count(std::string_view name, uint64_t value) { raw(name, std::to_string(value)); }
    void decimal(std::string_view name, double value) {
        char digits[32];
        std::snprintf(digits, sizeof digits, "%.3f", std::isfinite(value) ? value : 0.0);
        raw(name, digits);
    }
    std::string take() && { return text_.empty() ? "{}" : std::move(text_) + "}"; }

  private:
    std::string text_;
};

int leap_of(const Leader& leader) {
    return (leader.flags & flag::leap61) != 0 ? 1 : (leader.flags & flag::leap59) != 0 ? -1 : 0;
}

void add_what_it_said(JsonObject& json, const Sync& said) {
    json.integer("stratum", said.stratum);
    json.text("identifier", to_text(said.identifier));
    json.flag("preferred", said.preferred);
    json.flag("boundaryClock", said.boundary_clock);
    json.integer("variance", said.variance);
    json.integer("stepsRemoved", said.steps_removed);
}

void add_port(JsonObject& json, const Leader& leader, const std::optional<NetworkInterface>& interface) {
    json.text("identity", eui64_text(leader.id.uuid));
    json.integer("port", leader.id.port);
    json.text("address", address_text(leader.address));
    if (interface)
        json.text("interface", interface->name);
}

std::string dataset_of(const Leader& leader) {
    JsonObject json;
    json.text("identity", eui64_text(leader.said.grandmaster));
    add_what_it_said(json, leader.said);
    json.integer("utcOffset", leader.said.utc_offset_s);
    json.flag("utcOffsetValid", leader.said.utc_reasonable);
    json.integer("leap", leap_of(leader));
    json.flag("ptpTimescale", false); // Dante leaders count from their boot, and no flag would say otherwise
    return std::move(json).take();
}

struct Standing {
    const char* name;
    const char* reason;
};

Standing standing_of(const Leader& leader, const ObserverStatus& status) {
    if (status.followed && leader.id == status.followed->id && leader.subdomain == status.followed->subdomain)
        return {"followed", "It leads the observed subdomain."};
    if (index_of(leader.subdomain) != status.config.subdomain)
        return {"otherDomain", "It leads another subdomain."};
    if (!LeaderTable::is_heard(leader, status.at_ns))
        return {"silent", "It sends no Sync any more."};
    return {"outvoted", "It sends Sync, too; the one that was heard first is kept while it is heard."};
}

std::string candidate_of(const Leader& leader, const ObserverStatus& status,
                         const std::optional<NetworkInterface>& interface) {
    JsonObject json;
    json.text("protocol", "ptpv1");
    if (const auto domain = index_of(leader.subdomain))
        json.integer("domain", *domain);
    json.text("subdomain", to_text(leader.subdomain));
    add_port(json, leader, interface);
    add_what_it_said(json, leader.said);
    json.count("syncs", leader.syncs);
    json.integer("ageMs", (status.at_ns - leader.heard_ns) / 1'000'000);
    const Standing standing = standing_of(leader, status);
    json.text("standing", standing.name);
    // In words, too: who shows elections of PTPv2 has no column for these.
    json.text("reason", std::string(standing.reason) + " Stratum " + std::to_string(leader.said.stratum) +
                            " " + to_text(leader.said.identifier) + ".");
    return std::move(json).take();
}

std::string candidates_of(const ObserverStatus& status, const std::optional<NetworkInterface>& interface) {
    std::string list = "[";
    for (const Leader& leader : status.leaders)
        list += (list.size() > 1 ? "," : "") + candidate_of(leader, status, interface);
    return list + "]";
}

std::string counters_of(const ObserverCounters& counters) {
    JsonObject json;
    json.count("refused", counters.refused);
    json.count("unlisted", counters.unlisted);
    json.count("sync", counters.syncs);
    json.count("followUp", counters.follow_ups);
    json.count("delayRequest", counters.delay_requests);
    json.count("delayResponse", counters.delay_responses);
    json.count("pairs", counters.pairs);
    json.count("leaderChanges", counters.leader_changes);
    return std::move(json).take();
}

std::string interfaces_of(const std::optional<NetworkInterface>& interface, bool stamped) {
    if (!interface)
        return "[]";
    JsonObject json;
    json.text("name", interface->name);
    json.text("address", address_text(interface->address));
    json.text("timestamping", stamped ? "kernel" : "user");
    return "[" + std::move(json).take() + "]";
}

} // namespace

std::string to_json(const ObserverStatus& status, const std::optional<NetworkInterface>& interface,
                    bool stamped) {
    JsonObject json;
    json.text("role", "observer");
    json.raw("interfaces", interfaces_of(interface, stamped));
    json.integer("domain", status.config.subdomain);
    json.text("subdomain", subdomain_names[status.config.subdomain]);
    if (status.followed) {
        JsonObject master;
        add_port(master, *status.followed, interface);
        json.raw("master", std::move(master).take());
        json.raw("dataset", dataset_of(*status.followed));
        json.decimal("ratePpm", status.rate_deviation * 1e6);
    }
    if (status.offset_ns && status.state == tutti_clock_locked) // before, media time is another one's
        json.integer("offsetNs", *status.offset_ns);
    json.integer("assumedPathDelayNs", status.config.path_delay_ns.value_or(0));
    JsonObject rates;
    rates.decimal("sync", status.sync_rate);
    rates.decimal("delayRequest", status.delay_request_rate);
    rates.decimal("delayResponse", status.delay_response_rate);
    json.raw("rates", std::move(rates).take());
    json.count("followers", status.followers);
    json.raw("counters", counters_of(status.counters));
    json.raw("candidates", candidates_of(status, interface));
    if (status.steps > 0)
        json.integer("lastStepNs", status.last_step_ns);
    return std::move(json).take();
}

} // namespace tutti::dante_compat
