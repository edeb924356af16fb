#include "json_check.hpp"

namespace tutti::dante_compat::test {
namespace {

// Takes values off the front; the texts that are checked have no blanks and no escapes.
class Checker {
  public:
    explicit Checker(std::string_view text) : rest_(text) {}

    bool value() {
        if (take("{"))
            return take("}") || (members() && take("}"));
        if (take("["))
            return take("]") || (elements() && take("]"));
        return string() || number() || take("true") || take("false");
    }
    bool at_end() const { return rest_.empty(); }

  private:
    bool take(std::string_view expected) {
        if (rest_.substr(0, expected.size()) != expected)
            return false;
        rest_.remove_prefix(expected.size());
        return true;
    }
    bool members() {
        do {
            if (!string() || !take(":") || !value())
                return false;
        } while (take(","));
        return true;
    }
    bool elements() {
        do {
            if (!value())
                return false;
        } while (take(","));
        return true;
    }
    bool string() {
        if (!take("\""))
            return false;
        while (!rest_.empty() && rest_.front() >= ' ' && rest_.front() != '"' && rest_.front() != '\\')
            rest_.remove_prefix(1);
        return take("\"");
    }
    bool number() {
        take("-");
        if (!digits())
            return false;
        return !take(".") || digits();
    }
    bool digits() {
        const auto before = rest_.size();
        while (!rest_.empty() && rest_.front() >= '0' && rest_.front() <= '9')
            rest_.remove_prefix(1);
        return rest_.size() < before;
    }

    std::string_view rest_;
};

} // namespace

bool is_json(std::string_view text) {
    Checker checker(text);
    return checker.value() && checker.at_end();
}

} // namespace tutti::dante_compat::test
