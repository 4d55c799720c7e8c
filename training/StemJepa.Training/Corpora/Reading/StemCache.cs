using System.Buffers;
using System.Globalization;
using System.Numerics.Tensors;
using System.Runtime.ExceptionServices;
using System.Security.Cryptography;
using System.Text;
using Spectre.Console;

namespace StemJepa.Training.Corpora;

/// <summary>
/// Cache of songs that cannot be mapped into memory directly (compressed, at another rate, or with several recordings per stem), as WAV
/// files of 16 bits at 16 kHz. Each song has a folder, named by a hash of the paths in the corpus, sizes and modification times of its
/// recordings. A folder gets its name when it is complete, so an interrupted run can continue, several runs may share a cache, and a cache
/// may be deleted.
/// </summary>
/// <param name="corpus">The corpus folder.</param>
/// <param name="chosenFolder">The cache folder, created when needed; null is <see cref="DefaultFolder"/>.</param>
internal sealed class StemCache(string corpus, string? chosenFolder)
{
    private const string PartialMark = ".partial-";
    private const int BlockSamples = 1 << 16;

    private string? _folder = chosenFolder;

    /// <summary>
    /// Returns the default cache folder: beside the corpus or, if there is none yet and nothing can be written there, in the folder for
    /// temporary files, under the corpus's name and a hash of its path.
    /// </summary>
    public static string DefaultFolder(string corpus, Func<string, bool> isWritable)
    {
        string beside = Path.TrimEndingDirectorySeparator(Path.GetFullPath(corpus)) + ".16khz";
        if (Directory.Exists(beside) || isWritable(Path.GetDirectoryName(beside)!))
            return beside;
        string hash = System.Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(beside)).AsSpan(0, 8));
        return Path.Combine(Path.GetTempPath(), $"stemjepa-{hash}-{Path.GetFileName(beside)}");
    }

    /// <summary>
    /// Returns a folder for each song, in order, that holds its stems as mappable files; converts songs that are not in the cache.
    /// </summary>
    /// <exception cref="StemJepaException">A recording is damaged, or the cache is not writable.</exception>
    public IReadOnlyList<string> FoldersOf(IReadOnlyList<ListedSong> songs, IAnsiConsole console, CancellationToken cancellationToken)
    {
        string?[] mappable = [.. songs.Select(MappableFolder)];
        if (Array.TrueForAll(mappable, own => own is not null))
            return mappable!;
        string folder = _folder ??= DefaultFolder(corpus, IsWritable);
        string[] folders = [.. songs.Zip(mappable, (song, own) => own ?? Path.Combine(folder, KeyOf(song)))];
        int[] missing = [.. Enumerable.Range(0, songs.Count).Where(i => !Directory.Exists(folders[i]))];
        if (missing.Length == 0)
            return folders;
        console.Progress().Columns(new TaskDescriptionColumn(), new ProgressBarColumn(), new PercentageColumn(), new RemainingTimeColumn())
            .Start(progress =>
        {
            ProgressTask task = progress.AddTask($"converting to 16 kHz in {folder}".EscapeMarkup(), maxValue: missing.Length);
            var parallel = new ParallelOptions
            {
                CancellationToken = cancellationToken,
                MaxDegreeOfParallelism = Environment.ProcessorCount,
            };
            try
            {
                Parallel.ForEach(missing, parallel, i =>
                {
                    Convert(songs[i], folders[i], cancellationToken);
                    task.Increment(1);
                });
            }
            catch (AggregateException e)
            {
                ExceptionDispatchInfo.Throw(e.InnerExceptions[0]);
            }
        });
        return folders;
    }

    /// <summary>The song's own folder if its stems are mappable files with the standard names; else null.</summary>
    private static string? MappableFolder(ListedSong song)
    {
        string own = Path.GetDirectoryName(song.Sources[0].Path)!;
        bool IsMappable(StemSource source) =>
            source.Path == Path.Combine(own, CorpusSong.FileOf(source.Stem)) && StemSamples.IsMappable(source.Path);
        return song.Sources.All(IsMappable) ? own : null;
    }

    private static bool IsWritable(string folder)
    {
        try
        {
            string path = Path.Combine(folder, PartialMark + Path.GetRandomFileName());
            using FileStream probe = File.Create(path, 1, FileOptions.DeleteOnClose);
            return true;
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            return false;
        }
    }

    private string KeyOf(ListedSong song)
    {
        var key = new StringBuilder();
        foreach (StemSource source in song.Sources)
        {
            var file = new FileInfo(source.Path);
            string stem = CultureInfo.InvariantCulture.TextInfo.ToTitleCase(source.Stem.Name); // As caches that exist have it.
            key.Append(CultureInfo.InvariantCulture,
                $"{stem}|{Path.GetRelativePath(corpus, source.Path)}|{source.Stream}|{file.Length}|{file.LastWriteTimeUtc.Ticks}\n");
        }
        return System.Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(key.ToString())).AsSpan(0, 16));
    }

    private static void Convert(ListedSong song, string target, CancellationToken cancellationToken)
    {
        Dictionary<Stem, float[]> stems = song.Sources.GroupBy(source => source.Stem)
            .ToDictionary(group => group.Key, group => Sum(group, cancellationToken));
        float peak = stems.Values.Max(samples => Math.Abs(TensorPrimitives.MaxMagnitude<float>(samples)));
        string partial = target + PartialMark + Path.GetRandomFileName();
        try
        {
            CreateFolder(partial);
            foreach ((Stem stem, float[] samples) in stems)
            {
                if (peak > 1)
                    TensorPrimitives.Divide(samples, peak, samples);
                new AudioClip(samples, FrontEndSettings.SampleRate).Save(Path.Combine(partial, CorpusSong.FileOf(stem)));
            }
            Finish(partial, target);
        }
        finally
        {
            if (Directory.Exists(partial))
                Directory.Delete(partial, recursive: true);
        }
    }

    private static float[] Sum(IEnumerable<StemSource> sources, CancellationToken cancellationToken)
    {
        float[] sum = [];
        foreach (StemSource source in sources)
        {
            float[] samples = Decode(source, cancellationToken);
            (float[] longer, float[] shorter) = samples.Length > sum.Length ? (samples, sum) : (sum, samples);
            TensorPrimitives.Add(longer.AsSpan(0, shorter.Length), shorter, longer);
            sum = longer;
        }
        return sum;
    }

    private static float[] Decode(StemSource source, CancellationToken cancellationToken)
    {
        using var reader = new ResamplingReader(
            AudioFile.Open(source.Path, track: source.Stream, cancellationToken: cancellationToken), FrontEndSettings.SampleRate);
        var samples = new ArrayBufferWriter<float>();
        int read;
        do
        {
            cancellationToken.ThrowIfCancellationRequested();
            read = reader.Read(samples.GetSpan(BlockSamples)[..BlockSamples]);
            samples.Advance(read);
        }
        while (read == BlockSamples);
        return samples.WrittenSpan.ToArray();
    }

    private static void CreateFolder(string path)
    {
        try
        {
            Directory.CreateDirectory(path);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            throw new StemJepaException(
                $"{Path.GetDirectoryName(path)}: converted audio cannot be written there ({e.Message.TrimEnd('.')}); "
                + "name a writable folder with --cache.", e);
        }
    }

    private static void Finish(string partial, string target)
    {
        try
        {
            Directory.Move(partial, target);
        }
        catch (IOException) when (Directory.Exists(target))
        {
            // another run has converted the same song meanwhile
        }
    }
}
