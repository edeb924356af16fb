# An extension's library as a Mac would load it: `make cross`. Part of plugin_rules.mk. Extensions may share what is APART.
include $(ROOT)/native/darwin.mk
MAC_SRC := $(abspath $(filter-out %_linux.cpp,$(SRC) $(AES67_SRC:%=$(AES67)/%)))
MAC_APART := $(filter $(addprefix %/,$(APART)),$(MAC_SRC))
MAC_ONLY := $(call mac_only,$(NAME),$(filter %_macos.cpp,$(SRC)))
MAC_PIECES := library/$(NAME) $(patsubst %.cpp,apart/%,$(notdir $(MAC_APART)))
MAC_LIBRARIES := $(DARWIN)/x86_64/$(NAME).dylib $(DARWIN)/arm64/$(NAME).dylib
MAC_FLAGS += $(filter -I% -f%errno,$(CXXFLAGS))
MAC_PRECOMPILED = -include-pch $(DARWIN)/$*/plugin.pch

.PHONY: cross
cross: $(MAC_LIBRARIES) $(MAC_ONLY)
	node $(ROOT)/scripts/inspect-addon.mjs $(MAC_LIBRARIES)

$(eval $(call mac_object,library/$(NAME),$(filter-out $(MAC_APART),$(MAC_SRC))))
$(foreach source,$(MAC_APART),$(eval $(call mac_object,apart/$(notdir $(source:.cpp=)),$(source))))

$(foreach architecture,x86_64 arm64,$(eval $(MAC_PIECES:%=$(DARWIN)/$(architecture)/%.o): $(DARWIN)/$(architecture)/plugin.pch))
$(DARWIN)/x86_64/plugin.pch $(DARWIN)/arm64/plugin.pch: $(DARWIN)/%/plugin.pch: $(ROOT)/native/plugin_darwin.hpp
	@mkdir -p $(@D)
	$(call darwin_cxx,$*) $(MAC_FLAGS:-MMD=-MD) -x c++-header $< -o $@

$(DARWIN)/arm64/$(NAME)/%.o: %.cpp Makefile
	$(compile_mac_only)

# The C++ library and the compiler's own are there when it is loaded; everything else must be in libSystem.
$(DARWIN)/x86_64/$(NAME).dylib: $(MAC_PIECES:%=$(DARWIN)/x86_64/%.o)
$(DARWIN)/arm64/$(NAME).dylib: $(MAC_PIECES:%=$(DARWIN)/arm64/%.o)
$(MAC_LIBRARIES):
	$(call darwin_cxx,$(notdir $(@D))) $(DARWIN_LINK) -Wl,-undefined,dynamic_lookup $^ -o $@

-include $(foreach architecture,x86_64 arm64,$(DARWIN)/$(architecture)/plugin.d $(MAC_PIECES:%=$(DARWIN)/$(architecture)/%.d)) $(MAC_ONLY:.o=.d)
