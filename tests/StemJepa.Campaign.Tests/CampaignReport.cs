using System.Text;
using System.Text.Json;
using StemJepa.Reporting;
using static System.FormattableString;

namespace StemJepa.Campaign.Tests;

/// <summary>Counts of a campaign.</summary>
/// <param name="Seed">Of all random choices.</param>
/// <param name="Parsers">One for each.</param>
/// <param name="Calls">Of 64 callers at a time.</param>
/// <param name="NameRounds">Folders of recordings with hostile names, which all commands went through.</param>
/// <param name="Kills">Writers of catalogues that were killed.</param>
/// <param name="Seconds">Time of all.</param>
/// <param name="Faults">What must be mended.</param>
/// <param name="Date">UTC day.</param>
/// <param name="Machine">Where.</param>
/// <param name="Commit">Of the code.</param>
internal sealed record CampaignReport(
    int Seed, IReadOnlyList<TargetCounts> Parsers, CallCounts Calls, int NameRounds, int Kills, double Seconds,
    IReadOnlyList<string> Faults, string Date, string Machine, string Commit)
{
    private static readonly JsonSerializerOptions Json =
        new() { WriteIndented = true, PropertyNamingPolicy = JsonNamingPolicy.SnakeCaseLower };

    internal static CampaignReport Load(string path) => JsonSerializer.Deserialize<CampaignReport>(File.ReadAllText(path), Json)!;

    internal void Save(string path) =>
        AtomicFile.Write(path, stream => stream.Write(Encoding.UTF8.GetBytes(JsonSerializer.Serialize(this, Json) + "\n")));

    internal string ToMarkdown() =>
        DocumentTable.Of(["parser", "cases", "read", "refused", "faults", "longest, ms"], Parsers.Select(Cells).Append(
        [
            "all", Invariant($"{Parsers.Sum(parser => parser.Cases):N0}"), Invariant($"{Parsers.Sum(parser => parser.Read):N0}"),
            Invariant($"{Parsers.Sum(parser => parser.Refused):N0}"), Invariant($"{Parsers.Sum(parser => parser.Faults):N0}"),
            Invariant($"{Parsers.Max(parser => parser.LongestMs):0}"),
        ]))
        + Invariant($"\nCalls of 64 callers: {Calls.Done:N0} done, {Calls.Cancelled:N0} cancelled, {Calls.Disposed:N0} on a disposed ")
        + "model. "
        + (Calls.Memory is { } left
            ? Invariant($"Afterwards {left.InUse:0.0} MB more are in use, says the allocator; the process occupies ")
                + Invariant($"{left.Process:0} MB, {left.Trimmed:0} MB after malloc_trim. ")
            : "")
        + Invariant($"Writers killed: {Kills:N0}. Folders of hostile names: {NameRounds:N0}. Faults: {Faults.Count}. ")
        + Invariant($"Seed {Seed}, {Seconds / 60:0} minutes.\n")
        + DocumentTable.Provenance(Date, Machine, Commit);

    private static string[] Cells(TargetCounts counts) =>
    [
        counts.Name, Invariant($"{counts.Cases:N0}"), Invariant($"{counts.Read:N0}"), Invariant($"{counts.Refused:N0}"),
        Invariant($"{counts.Faults:N0}"), Invariant($"{counts.LongestMs:0}"),
    ];
}
