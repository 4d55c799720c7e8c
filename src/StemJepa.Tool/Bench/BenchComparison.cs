using System.Text.Json;
using StemJepa.Tool.Output;

namespace StemJepa.Tool.Bench;

/// <summary>An earlier run of <c>stemjepa bench --json</c> on the same machine, to hold a new one against.</summary>
internal static class BenchComparison
{
    /// <summary>Reads the earlier run.</summary>
    /// <exception cref="StemJepaException">It is missing, or not such a document.</exception>
    public static BenchReport Load(string path)
    {
        try
        {
            BenchReport? report = JsonSerializer.Deserialize(File.ReadAllBytes(path), ToolJsonContext.Default.BenchReport);
            return report is { ClipsPerSecond: > 0 } && double.IsFinite(report.ClipsPerSecond)
                ? report
                : throw new StemJepaException($"{path}: has no clips_per_second; give what 'stemjepa bench --json' printed.");
        }
        catch (Exception e) when (e is JsonException or IOException or UnauthorizedAccessException)
        {
            throw new StemJepaException($"{path}: cannot be read as a benchmark ({e.Message.TrimEnd('.')}); give what 'stemjepa bench --json' printed.", e);
        }
    }
}
