/// A table that a narrow screen shows as a list of cards, each value with its label.
struct DataTable: Sendable {
  struct Column: Sendable {
    var title: String
    var isNumber = false
    /// Takes a line of its own on a narrow screen.
    var isWide = false

    static func text(_ title: String, isWide: Bool = false) -> Column {
      Column(title: title, isWide: isWide)
    }
    static func number(_ title: String) -> Column { Column(title: title, isNumber: true) }
  }

  struct Row: Sendable {
    /// One a column; the first is the heading of the row.
    var cells: [HTML]
    var isBreached = false
  }

  var caption: String
  var columns: [Column]
  var rows: [Row]
  /// It has few enough columns to stay a table on a narrow screen.
  var isCompact = false

  /// The roles are those that the elements have anyway, as long as no style makes blocks of them.
  var html: HTML {
    Tag.table(.role("table"), isCompact ? .class("compact") : nil) {
      Tag.caption { caption }
      Tag.thead(.role("rowgroup")) {
        Tag.tr(.role("row")) {
          for column in columns {
            Tag.th(
              .role("columnheader"), .scope("col"), column.isNumber ? .class("n") : nil
            ) { column.title }
          }
        }
      }
      Tag.tbody(.role("rowgroup")) {
        for row in rows { html(of: row) }
      }
    }
  }

  private func html(of row: Row) -> HTML {
    Tag.tr(.role("row"), row.isBreached ? .class("breached") : nil) {
      for (index, cell) in row.cells.enumerated() {
        if index == 0 {
          Tag.th(.role("rowheader"), .scope("row")) { cell }
        } else {
          Tag.td(
            .role("cell"), .data(.label, columns[index].title),
            columns[index].cellClass(isAbsent: cell == "–")
          ) { cell }
        }
      }
    }
  }
}

extension DataTable.Column {
  /// - Parameter isAbsent: there is no value, and a narrow screen leaves the cell out.
  fileprivate func cellClass(isAbsent: Bool) -> Attribute? {
    let kind = isNumber ? "n" : isWide ? "wide" : nil
    let names = [kind, isAbsent ? "none" : nil].compactMap { $0 }
    return names.isEmpty ? nil : .class(names.joined(separator: " "))
  }
}
