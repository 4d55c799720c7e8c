using System.CommandLine;
using System.Text.Json;
using System.Text.Json.Serialization;
using StemJepa.Tool.Audio;
using StemJepa.Tool.Indexing;
using StemJepa.Tool.Map;
using StemJepa.Tool.Options;
using StemJepa.Tool.Output;

namespace StemJepa.Tool.Commands;

/// <summary>
/// <c>stemjepa map FOLDER --out DIR</c>: a folder's recordings in two dimensions, as a picture and as a page that plays them.
/// </summary>
internal static class MapCommand
{
    private const string PictureName = "map.png", PageName = "map.html", Template = "map.liquid";
    private const double DefaultSeconds = 3, LongestSeconds = 30;

    private sealed record Options(string Folder, string Out, MapColour Colour, double Seconds, ModelChoice Model, bool Json);

    public static Command Create(Terminal terminal)
    {
        var folder = new Argument<string>("FOLDER") { Description = "The recordings: all in the folder and below." };
        var to = new Option<string>("--out")
        {
            Description = $"The folder for {PictureName} and {PageName}; made if it is missing.",
            HelpName = "DIR",
            Required = true,
        };
        var colour = new Option<MapColour>("--colour", "--color")
        {
            Description = "stem (the default), key or tempo: what the file names say, "
                + "and the model's analysis where they say no key or tempo.",
            HelpName = "stem|key|tempo",
        };
        colour.Validators.Add(result =>
        {
            if (result.Tokens.Count > 0 && !Enum.GetNames<MapColour>().Contains(result.Tokens[0].Value, StringComparer.OrdinalIgnoreCase))
                result.AddError($"--colour '{result.Tokens[0].Value}' is not known; use stem, key or tempo");
        });
        var seconds = new Option<double>("--seconds")
        {
            Description = "How much of each recording the page plays, its loudest part: 43 kB per second; 0 for a page without sound.",
            HelpName = "N",
            DefaultValueFactory = _ => DefaultSeconds,
        };
        seconds.Refuse(value => value is >= 0 and <= LongestSeconds ? null
            : $"--seconds is a number from 0 to {LongestSeconds}, such as {DefaultSeconds}");
        Option<bool> json = CommonOptions.Json();
        var model = new ModelOptions();
        var command = new Command("map", "Draw a folder's recordings: what sounds alike is near each other.")
        {
            folder, to, colour, seconds, json, model,
        };
        command.SetAction((parsed, cancellationToken) => Task.FromResult(Run(
            terminal, new Options(parsed.GetRequiredValue(folder), parsed.GetRequiredValue(to),
            parsed.GetValue(colour), parsed.GetValue(seconds), model.Read(parsed, terminal), parsed.GetValue(json)), cancellationToken)));
        return command;
    }

    private static int Run(Terminal terminal, Options options, CancellationToken cancellationToken)
    {
        if (!Directory.Exists(options.Folder))
            throw new UsageException($"FOLDER '{options.Folder}' is not a folder; give one that holds recordings.");
        if (File.Exists(options.Out))
            throw new UsageException($"--out '{options.Out}' is a file; give a folder.");
        string[] files = [.. RecordingFiles.In(options.Folder)];
        if (files.Length < 2)
            throw new UsageException(
                $"FOLDER '{options.Folder}' holds {files.Length} recording{(files.Length == 1 ? "" : "s")}; a map needs at least two.");
        using IStemAffinity model = options.Model.Open();
        using StemAnalyzer? analyzer = options.Model.HasHeads ? options.Model.OpenAnalyzer(model) : null;
        var recordings = new List<MappedRecording>();
        IReadOnlyList<SkippedFile> skipped = terminal.Track("Embedding", files.Length,
            progress => new FileEmbedder(model, cancellationToken) { Named = [] }.EmbedEach(files, progress,
            (_, recording) => recordings.Add(Describe(analyzer, recording, options.Seconds, cancellationToken))));
        terminal.WarnOfLevels(recordings.Select(recording => new EmbeddedRecording(recording.File, recording.Embedding)));
        terminal.WarnOfSkipped(skipped);
        if (recordings.Count < 2)
            throw new StemJepaException(
                $"{options.Folder}: only {recordings.Count} of its {files.Length} files can be used, "
                + "and a map needs at least two; see the warnings.");

        MapReport report = Draw(model.Model.Name, recordings, skipped, options);
        if (options.Json)
            terminal.WriteJson(report, MapJson.Default.MapReport);
        else
            terminal.WriteLine($"{report.Picture} and {report.Page}: {report.Points.Count} recordings, {skipped.Count} skipped.");
        return skipped.Count == 0 ? ExitCode.Success : ExitCode.BadData;
    }

    private static MappedRecording Describe(StemAnalyzer? analyzer, EmbeddedRecording recording, double seconds,
        CancellationToken cancellationToken)
    {
        NameHints hints = NameHints.FromPath(recording.Path).With(AudioFile.ReadTags(recording.Path));
        if (analyzer is not null && (hints.Key is null || hints.Tempo is null) && !recording.Embedding.IsSilent)
        {
            using AudioReader reader = AudioFile.Open(recording.Path, cancellationToken: cancellationToken);
            StemAnalysis analysis = analyzer.Analyze(reader, cancellationToken);
            hints = hints with { Key = hints.Key ?? analysis.Key, Tempo = hints.Tempo ?? analysis.Tempo };
        }
        byte[]? sound = seconds > 0 ? SoundClip.Create(recording.Path, seconds, cancellationToken) : null;
        return new MappedRecording(recording.Path, recording.Embedding, hints, sound);
    }

    private static MapReport Draw(string model, IReadOnlyList<MappedRecording> recordings, IReadOnlyList<SkippedFile> skipped,
        Options options)
    {
        float[][] directions = [.. recordings.Select(recording => recording.Embedding.Direction)];
        ((double X, double Y)[] places, double[] shares) = PrincipalComponents.Of(directions);
        MapPoint[] points = [.. recordings.Zip(places, (recording, place) => new MapPoint(recording.File, place.X, place.Y,
            recording.Hints.Stem?.Name, recording.Hints.Key?.ToString(), recording.Hints.Tempo,
            recording.Embedding.IsSilent))];
        var palette = new MapPalette(recordings);
        string folder = Path.GetFileName(Path.TrimEndingDirectorySeparator(Path.GetFullPath(options.Folder)));
        string title = $"{recordings.Count} recordings in {folder}";
        string picture = Path.Combine(options.Out, PictureName), page = Path.Combine(options.Out, PageName);
        byte[] image = MapPicture.Render(recordings, places, palette, options.Colour, title);
        JsonElement document = JsonSerializer.SerializeToElement(MapPage.Create(title, model, options.Colour, recordings, points, palette),
            MapJson.Default.MapPage);
        Directory.CreateDirectory(options.Out);
        AtomicFile.Write(picture, stream => stream.Write(image));
        AtomicFile.Write(page, stream => HtmlPage.Write(stream, typeof(MapCommand).Assembly, Template, document));
        return new MapReport(picture, page, model, shares, points, skipped);
    }
}

/// <summary>The JSON document of <c>stemjepa map --json</c>.</summary>
/// <param name="Picture">The PNG file.</param>
/// <param name="Page">The HTML file.</param>
/// <param name="Model">The model's name.</param>
/// <param name="Variance">The shares of all variance that the two directions hold, 0..1.</param>
/// <param name="Points">The recordings.</param>
/// <param name="Skipped">Files that could not be used.</param>
internal sealed record MapReport(
    string Picture, string Page, string Model,
    IReadOnlyList<double> Variance, IReadOnlyList<MapPoint> Points, IReadOnlyList<SkippedFile> Skipped);

[JsonSourceGenerationOptions(PropertyNamingPolicy = JsonKnownNamingPolicy.SnakeCaseLower, WriteIndented = true)]
[JsonSerializable(typeof(MapPage))]
[JsonSerializable(typeof(MapReport))]
internal sealed partial class MapJson : JsonSerializerContext;
