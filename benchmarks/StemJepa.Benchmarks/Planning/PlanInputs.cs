using System.Text.RegularExpressions;
using MathNet.Numerics.Statistics;
using StemJepa.Benchmarks.Catalogs;
using StemJepa.Benchmarks.Measuring;
using StemJepa.Benchmarks.UserPath;
using StemJepa.Training.Evaluation;

namespace StemJepa.Benchmarks.Planning;

/// <summary>Measured inputs of a plan.</summary>
/// <param name="WindowsPerCoreSecond">Windows of 8 s, 16 kHz, that one core embeds per second, with all cores busy.</param>
/// <param name="WavCoreSeconds">Core seconds to embed a second of 44.1 kHz stereo WAV, at most: with all cores counted as busy.</param>
/// <param name="Embedding">Where and when these were measured.</param>
/// <param name="Entries">Recordings in the catalogues that were searched.</param>
/// <param name="Precisions">Their figures, by precision.</param>
/// <param name="Search">Where and when these were measured.</param>
internal sealed partial record PlanInputs(
    double WindowsPerCoreSecond, double WavCoreSeconds, Provenance Embedding, int Entries, IReadOnlyList<PrecisionFigures> Precisions,
        Provenance Search)
{
    /// <summary>Seconds of a window.</summary>
    public const double WindowSeconds = 8;

    private const string ClipsPrefix = "clips of 8 s per second, ", HourName = "time for that hour";
    private const double HourSeconds = 3600;

    /// <summary>Reads the results of the commands <c>path</c> and <c>catalog</c>.</summary>
    /// <exception cref="StemJepaException">A file is missing, or lacks a figure; the message names the command that measures
    /// it.</exception>
    public static PlanInputs Read(string pathFile, string catalogFile)
    {
        string pathCommand = $"-- path --json {pathFile}", catalogCommand = $"-- catalog --json {catalogFile}";
        var figures = Measured<List<MeasuredQuantity>>(pathFile, pathCommand);
        var catalog = Measured<CatalogReport>(catalogFile, catalogCommand);
        MeasuredQuantity[] rates = [.. figures.Where(figure => figure.Name.StartsWith(ClipsPrefix, StringComparison.Ordinal))];
        if (rates.MaxBy(rate => rate.Value) is not { Value: > 0 } best
            || figures.Find(figure => figure.Name == HourName) is not { Value: > 0 } hour)
            throw Lacking(pathFile, $"'{ClipsPrefix}...' and '{HourName}'", pathCommand);
        if (CoresPattern().Match(best.Machine) is not { Success: true } cores
            || int.Parse(cores.Groups[1].Value) is not (> 0 and var count))
            throw Lacking(pathFile, "the machine's number of cores", pathCommand);
        if (catalog is not { Entries: > 0, EmbeddingLength: > 0, Catalogues.Count: > 0, Rows.Count: > 0 }
            || catalog.Catalogues.Any(kind => kind is not { Bytes: > 0, SearchMs.Count: > 0 } || kind.SearchMs.Any(time => !(time > 0))))
            throw Lacking(catalogFile, "catalogues with the times of their searches ('search_ms')", catalogCommand);
        return new PlanInputs(
            best.Value / count, hour.Value * count / HourSeconds, new Provenance(best.Date, best.Machine, best.Commit), catalog.Entries,
            [.. catalog.Catalogues.Select(kind => PrecisionFigures.From(kind, catalog))],
                new Provenance(catalog.Rows[0].Date, catalog.Rows[0].Machine, catalog.Rows[0].Commit));
    }

    private static T Measured<T>(string file, string command) => Path.Exists(file)
        ? ResultsJson.Read<T>(file)
        : throw new StemJepaException(
            $"{file} is not there: measure it first, with dotnet run --project benchmarks/StemJepa.Benchmarks -c Release {command}.");

    private static StemJepaException Lacking(string file, string what, string command) =>
        new($"{file} lacks {what}: measure it again, with dotnet run --project benchmarks/StemJepa.Benchmarks -c Release {command}.");

    [GeneratedRegex(@"(\d{1,5}) cores")]
    private static partial Regex CoresPattern();
}

/// <summary>Measured figures of catalogues in one precision.</summary>
/// <param name="Precision"><c>single</c> or <c>int8</c>.</param>
/// <param name="BytesPerEntry">Size on disk, with texts and indexes.</param>
/// <param name="MemoryPerEntry">Bytes that every search reads, and memory must hold.</param>
/// <param name="SearchMs">Times of searches, ascending.</param>
internal sealed record PrecisionFigures(string Precision, double BytesPerEntry, double MemoryPerEntry, IReadOnlyList<double> SearchMs)
{
    /// <summary>The median of the times.</summary>
    public double MedianMs => SearchMs.Median();

    /// <summary>Takes the figures of one catalogue from a report.</summary>
    /// <exception cref="StemJepaException">The precision is unknown.</exception>
    public static PrecisionFigures From(CatalogFigures kind, CatalogReport report)
    {
        if (!Enum.TryParse(kind.Precision, ignoreCase: true, out CatalogPrecision precision) || !Enum.IsDefined(precision))
            throw new StemJepaException(
                $"The results hold a catalogue of precision '{kind.Precision}', which this version does not know: measure again.");
        int stride = new VectorLayout(precision, report.EmbeddingLength).Stride, scale = precision == CatalogPrecision.Int8
            ? sizeof(float) : 0;
        return new PrecisionFigures(kind.Precision, (double)kind.Bytes / report.Entries, stride + scale, [.. kind.SearchMs.Order()]);
    }
}
