using System.Text.Json;
using System.Text.Json.Serialization;
using StemJepa.Tool.Map;

namespace StemJepa.Tool.Output;

/// <summary>The documents that scripts rely on; their names are fixed (DESIGN.md, "Contracts that scripts rely on").</summary>
[JsonSourceGenerationOptions(PropertyNamingPolicy = JsonKnownNamingPolicy.SnakeCaseLower, WriteIndented = true)]
[JsonSerializable(typeof(AffinityReport))]
[JsonSerializable(typeof(RankReport))]
[JsonSerializable(typeof(IReadOnlyList<EmbeddedFile>))]
[JsonSerializable(typeof(DemoReport))]
[JsonSerializable(typeof(IndexReport))]
[JsonSerializable(typeof(StatsReport))]
[JsonSerializable(typeof(AlignReport))]
[JsonSerializable(typeof(JsonElement))]
[JsonSerializable(typeof(MapPage))]
[JsonSerializable(typeof(MapReport))]
[JsonSerializable(typeof(AnalyzedFile))]
[JsonSerializable(typeof(IReadOnlyList<AnalyzedFile>))]
[JsonSerializable(typeof(BenchReport))]
internal sealed partial class ToolJsonContext : JsonSerializerContext;
