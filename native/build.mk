# Shared by every native Makefile. Variables: VARIANT = plain | asan | tsan; OUT = where products go.
ROOT := $(abspath $(dir $(lastword $(MAKEFILE_LIST)))/..)
.DEFAULT_GOAL := all
VARIANT ?= plain
BUILD := $(ROOT)/build/$(VARIANT)
UNAME := $(shell uname -s)
CXX ?= g++
CC ?= gcc
# What the sanitizers see is clang's: it takes less than half of g++'s time for it, and looks with other eyes than the product's compiler.
ifneq ($(filter-out plain,$(VARIANT)),)
ifneq ($(UNAME),Darwin)
CXX := clang++-14
endif
endif
WARNINGS := -Wall -Wextra -Werror
OPT_plain := -O2 -g
# Clang learnt to say by these names what it sanitizes only later; g++ always did.
OPT_asan := -O1 -g1 -D__SANITIZE_ADDRESS__ -fsanitize=address,undefined -fno-sanitize-recover=all -fno-omit-frame-pointer
OPT_tsan := -O1 -g1 -D__SANITIZE_THREAD__ -fsanitize=thread
COMMON := $(WARNINGS) $(OPT_$(VARIANT)) -fPIC -fvisibility=hidden -pthread -MMD -MP \
	-I$(ROOT)/hal/include -I$(ROOT)/native/include
CXXFLAGS := -std=c++20 $(COMMON)
CFLAGS := -std=c11 $(COMMON)
LDFLAGS := $(OPT_$(VARIANT)) -pthread
# For shared objects. The sanitizers' own symbols are found in the program that loads them.
ifneq ($(UNAME),Darwin)
NO_UNDEFINED_plain := -Wl,-z,defs
endif
# What systems do differently lies in files of its own, named for the system. These are not ours:
OTHER_SYSTEMS := $(if $(filter Darwin,$(UNAME)),%_linux.cpp,%_macos.cpp)

# Recipe: $(call compile_as_one,SOURCES,COMPILER AND FLAGS), which takes a third of the time or less: most of it goes into what they all
# include. So two of them may not have functions of one name, even if each keeps its own to itself; tests are a namespace each.
define compile_as_one
@mkdir -p $(@D)
printf '#include "%s"\n' $(1) | $(2) -MF $(@:.o=.d) -MT $@ -x c++ -c - -o $@
endef
# $(eval $(call in_one_piece,OBJECT,SOURCES,FLAGS))
define in_one_piece
$(1): $(2) Makefile
	$$(call compile_as_one,$(2),$$(CXX) $(3) -I.)
endef
# $(call tests_of,PATTERNS): doctest's own code is in main.cpp, first, while nobody has included its header yet.
tests_of = test/main.cpp $(filter-out test/main.cpp %_fuzz.cpp,$(wildcard $(1)))
# Tests are to be compiled soon, and with a sanitizer that takes longer than running them; what they test is compiled as it is shipped.
# Unoptimized, clang leaves out one check of UBSan's, object-size, which sees little that ASan does not; the code that is tested has it.
TEST_OPT := $(if $(filter plain,$(VARIANT)),-O1,-O0)
TEST_CXXFLAGS = $(CXXFLAGS) $(TEST_OPT) -g1
