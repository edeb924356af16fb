#pragma once
#include <string>

namespace tutti::crash_report {

/// Watches for the signals that end the engine (SIGSEGV, SIGBUS, SIGILL, SIGFPE, SIGABRT): if a plug-in's
/// code was running, its library's path and the signal's number are written to a file, two lines. The process
/// then ends as it would have ended. Once a process. [control]
/// @param path of the file, made if need be; kept open, so that nothing has to be found when it is too late.
void install(const std::string& path);

/// A library is about to be loaded: its constructors run already. Null: it is done. [control]
void loading(const char* library);

/// A library whose code may run from now on. Never forgotten, as it is never unloaded. [control]
void add(const std::string& library);

} // namespace tutti::crash_report
