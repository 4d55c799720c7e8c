using System.Globalization;
using CsvHelper;
using CsvHelper.Configuration;

namespace StemJepa.Training.Evaluation;

/// <summary>
/// MagnaTagATune: <c>annotations_final.csv</c> (separated by tabs: clip_id, a column for each tag, mp3_path) and the folders <c>0</c> to
/// <c>f</c>, here or in <c>mp3</c>. The 50 tags that most clips have; folders 0 to b are for training, c for validation, d to f for
/// testing. Clips whose file is missing or empty, as three of the data set are, are left out.
/// </summary>
internal sealed class MagnaTagATuneDataSet : IProbeDataSet
{
    private const string Annotations = "annotations_final.csv", ClipColumn = "clip_id", PathColumn = "mp3_path";
    private const int TopTags = 50;

    public string Name => "MagnaTagATune";

    public IReadOnlyList<string> Tasks => [ProbeTask.Tags];

    public bool Recognises(string folder) => File.Exists(Path.Combine(folder, Annotations));

    public ProbeData Read(ProbeRequest request)
    {
        (string[] columns, List<(string Path, bool[] Tags)> rows) = ReadRows(Path.Combine(request.Folder, Annotations));
        int[] top =
            [.. Enumerable.Range(0, columns.Length).OrderByDescending(tag => rows.Count(row => row.Tags[tag])).Take(TopTags).Order()];
        return new ProbeData(Name, request.Folder, new TagTask([.. top.Select(tag => columns[tag])]),
            from row in rows
            let audio = ClipAudio.Find(Path.Combine(request.Folder, Path.ChangeExtension(row.Path, null)))
                ?? ClipAudio.Find(Path.Combine(request.Folder, "mp3", Path.ChangeExtension(row.Path, null)))
            where audio is not null
            select new ProbeClip(row.Path, row.Path, SplitOf(row.Path), ProbeLabel.FromTags([.. top.Select(tag => row.Tags[tag])]), () =>
                ClipAudio.FromFile(audio, request.Seconds)));
    }

    private static ProbeSplit SplitOf(string path) => path[0] switch
    {
        (>= '0' and <= '9') or 'a' or 'b' => ProbeSplit.Train,
        'c' => ProbeSplit.Validation,
        _ => ProbeSplit.Test,
    };

    private static (string[] Tags, List<(string Path, bool[] Tags)> Rows) ReadRows(string path)
    {
        using var reader = new CsvReader(new StreamReader(path),
            new CsvConfiguration(CultureInfo.InvariantCulture) { Delimiter = "\t", BadDataFound = null });
        if (!reader.Read() || !reader.ReadHeader() || reader.HeaderRecord is not [ClipColumn, .., PathColumn])
            throw new StemJepaException(
                $"{path}: does not begin with the columns {ClipColumn} to {PathColumn}, separated by tabs; take it from the data set "
                + $"again.");
        string[] tags = reader.HeaderRecord[1..^1];
        var rows = new List<(string, bool[])>();
        while (reader.Read())
        {
            if (reader.Parser.Count != tags.Length + 2 || reader[tags.Length + 1] is not { Length: > 2 } clip)
                throw new StemJepaException(
                    $"{path}: line {reader.Parser.Row} has {reader.Parser.Count} columns, not {tags.Length
                    + 2}; take it from the data set again.");
            rows.Add((clip, [.. Enumerable.Range(1, tags.Length).Select(column => reader[column] == "1")]));
        }
        return (tags, rows);
    }
}
