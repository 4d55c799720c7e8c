using System.Globalization;
using CsvHelper;
using CsvHelper.Configuration;
using CsvHelper.Configuration.Attributes;

namespace StemJepa.Training.Training;

/// <summary>One row of <c>log.csv</c>. Validation columns are empty on steps without a validation.</summary>
internal sealed record LogRow(
    long Step, string Stage, double Loss, double Regression, double Contrastive, double LearningRate, double Seconds,
    double? ValidationRecallAt1 = null, double? ValidationMeanRank = null, [Optional] double? ValidationAlignedRecallAt1 = null,
    [Optional] double? Shift = null, [Optional] double? Features = null);

/// <summary>The CSV log of a run; each row reaches the file at once. A resumed run drops the rows after its checkpoint.</summary>
internal sealed class TrainingLog : IDisposable
{
    private readonly StreamWriter _stream;
    private readonly CsvWriter _csv;

    public TrainingLog(string path, long firstStep)
    {
        LogRow[] kept = File.Exists(path) ? [.. Read(path).TakeWhile(row => row.Step < firstStep)] : [];
        AtomicFile.Write(path, target =>
        {
            using var writer = new CsvWriter(new StreamWriter(target, leaveOpen: true), CultureInfo.InvariantCulture);
            writer.WriteRecords(kept);
        });
        _stream = new StreamWriter(path, append: true) { AutoFlush = true };
        _csv = new CsvWriter(_stream, CultureInfo.InvariantCulture);
    }

    public static IReadOnlyList<LogRow> Read(string path)
    {
        using var reader = new CsvReader(new StreamReader(path), new CsvConfiguration(CultureInfo.InvariantCulture)
        {
            HeaderValidated = null,
            MissingFieldFound = RefuseCutRow,
        });
        var rows = new List<LogRow>();
        try
        {
            rows.AddRange(reader.GetRecords<LogRow>());
        }
        catch (CsvHelperException)
        {
            // A kill in the middle of a row leaves it cut; the rows before it are whole.
        }
        return rows;
    }

    /// <summary>
    /// A column that the header lacks too is of a later version and stays empty; a field that only the row lacks was cut off.
    /// </summary>
    private static void RefuseCutRow(MissingFieldFoundArgs missing)
    {
        string[] header = missing.Context.Reader?.HeaderRecord ?? [];
        if (missing.HeaderNames?.Any(header.Contains) ?? missing.Index < header.Length)
            throw new CsvHelper.MissingFieldException(missing.Context, "The row is cut.");
    }

    public void Write(LogRow row)
    {
        _csv.WriteRecord(row);
        _csv.NextRecord();
        _csv.Flush();
    }

    public void Dispose()
    {
        _csv.Dispose();
        _stream.Dispose();
    }
}
