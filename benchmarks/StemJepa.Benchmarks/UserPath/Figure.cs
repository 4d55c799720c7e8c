namespace StemJepa.Benchmarks.UserPath;

/// <summary>One measured quantity beside what was aimed at.</summary>
/// <param name="Name">What was measured.</param>
/// <param name="Value">The median, unless the name says otherwise.</param>
/// <param name="Unit">Its unit.</param>
/// <param name="Aim">What is aimed at, as a condition; empty if nothing is.</param>
/// <param name="Reached">Whether the aim is reached; null without an aim.</param>
/// <param name="Date">UTC day.</param>
/// <param name="Machine">Where.</param>
/// <param name="Commit">Of the code.</param>
internal sealed record Figure(string Name, double Value, string Unit, string Aim, bool? Reached, string Date, string Machine, string Commit);
