# Shared by every native Makefile. Variables: VARIANT = plain | asan | tsan; OUT = where products go.
ROOT := $(abspath $(dir $(lastword $(MAKEFILE_LIST)))/..)
VARIANT ?= plain
BUILD := $(ROOT)/build/$(VARIANT)
UNAME := $(shell uname -s)
CXX ?= g++
CC ?= gcc
WARNINGS := -Wall -Wextra -Werror
OPT_plain := -O2 -g
OPT_asan := -O1 -g1 -fsanitize=address,undefined -fno-sanitize-recover=all -fno-omit-frame-pointer
OPT_tsan := -O1 -g1 -fsanitize=thread
COMMON := $(WARNINGS) $(OPT_$(VARIANT)) -fPIC -fvisibility=hidden -pthread -MMD -MP \
	-I$(ROOT)/hal/include -I$(ROOT)/native/include
CXXFLAGS := -std=c++20 $(COMMON)
CFLAGS := -std=c11 $(COMMON)
LDFLAGS := $(OPT_$(VARIANT)) -pthread
# What systems do differently lies in files of its own, named for the system. These are not ours:
OTHER_SYSTEMS := $(if $(filter Darwin,$(UNAME)),%_linux.cpp,%_macos.cpp)
