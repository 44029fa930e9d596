/// The word that the writer of `word` probably meant.
///
/// - Returns: the candidate that takes the fewest edits (a letter left out, added, replaced, or two
///   swapped); `nil` if it takes more than one edit for each three letters, and more than one.
func nearestWord(to word: String, among candidates: [String]) -> String? {
  let written = Array(word.utf8.prefix(64))
  let distances = candidates.map { (word: $0, edits: edits(from: written, to: Array($0.utf8))) }
  guard let nearest = distances.min(by: { $0.edits < $1.edits }) else { return nil }
  return nearest.edits <= max(1, nearest.word.utf8.count / 3) ? nearest.word : nil
}

/// The optimal string alignment distance.
private func edits(from written: [UInt8], to meant: [UInt8]) -> Int {
  var twoBefore: [Int] = []
  var before = Array(0...meant.count)
  for (row, letter) in written.enumerated() {
    var current = [row + 1]
    for (column, meantLetter) in meant.enumerated() {
      var least = min(
        before[column + 1] + 1, current[column] + 1,
        before[column] + (letter == meantLetter ? 0 : 1))
      if row > 0, column > 0, letter == meant[column - 1], written[row - 1] == meantLetter {
        least = min(least, twoBefore[column - 1] + 1)
      }
      current.append(least)
    }
    (twoBefore, before) = (before, current)
  }
  return before[meant.count]
}
