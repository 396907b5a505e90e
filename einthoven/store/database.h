// A small cover over SQLite: connections, statements, rows.
#pragma once

#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <string_view>

#include "einthoven/base/file.h"

struct sqlite3;
struct sqlite3_stmt;

namespace einthoven::store {

class Database;

/// A prepared statement. `bind` fills the placeholders in order; `step` runs it row by row.
class Statement {
 public:
  Statement(Database& database, std::string_view sql);
  ~Statement();
  Statement(Statement&& other) noexcept;
  Statement(const Statement&) = delete;
  Statement& operator=(const Statement&) = delete;

  Statement& bind(std::int64_t value);
  Statement& bind(int value) { return bind(static_cast<std::int64_t>(value)); }
  Statement& bind(double value);
  Statement& bind(std::string_view value);
  Statement& bind(const std::string& value) { return bind(std::string_view(value)); }
  Statement& bind(const char* value) { return bind(std::string_view(value)); }
  Statement& bind_null();
  Statement& bind_blob(Bytes value);
  template <class T>
  Statement& bind(const std::optional<T>& value) {
    return value ? bind(*value) : bind_null();
  }

  /// True while there is a row.
  bool step();
  /// Runs to the end and makes the statement ready for new values.
  void run();

  bool is_null(int column) const;
  std::int64_t integer(int column) const;
  double real(int column) const;
  std::string text(int column) const;
  std::string blob(int column) const;

 private:
  void check(int code) const;

  Database* database_;
  sqlite3_stmt* handle_ = nullptr;
  int bound_ = 0;
};

/// One connection; used by one thread at a time.
class Database {
 public:
  enum class Mode { read_only, create };

  Database(fs::path path, Mode mode);
  ~Database();
  Database(const Database&) = delete;
  Database& operator=(const Database&) = delete;

  void execute(const std::string& sql);
  Statement prepare(std::string_view sql) { return Statement(*this, sql); }
  const fs::path& path() const { return path_; }

 private:
  friend class Statement;
  [[noreturn]] void fail(int code) const;

  fs::path path_;
  sqlite3* handle_ = nullptr;
};

}  // namespace einthoven::store
