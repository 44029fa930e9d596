@main
enum DropBenchmark {
  static func main() {
    print("## Cost\n")
    DropCost.measure()
    print("\n## False alarms in 10,000 runs\n")
    DropTables.printFalseAlarms()
    print("\n## Runs until a fall from 0.85 is found: median, and of 95 in 100\n")
    DropTables.printDelays()
  }
}
