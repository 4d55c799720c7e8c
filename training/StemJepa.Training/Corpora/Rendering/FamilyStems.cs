using System.Numerics.Tensors;

namespace StemJepa.Training.Corpora;

/// <summary>
/// The stems of the instrument families of one song: what each plays in the roles other and vocals, where no voice sings them. Not
/// thread-safe.
/// </summary>
/// <param name="song">The song.</param>
/// <param name="plan">All settings of its rendering.</param>
internal sealed class FamilyStems(SourceSong song, RenderPlan plan)
{
    private const int SoundingPeak = (int)(CorpusAudio.SoundingPeak * 32768);
    private static readonly Stem[] Refined = [Stem.Other, Stem.Vocals];
    private readonly Dictionary<string, float[]> _samples = [];

    /// <summary>True for the roles that families refine.</summary>
    public static bool IsRefined(Stem role) => Refined.Contains(role);

    /// <summary>Adds what families play in one role, before its gain. The arrays are taken over.</summary>
    public void Add(IReadOnlyDictionary<string, float[]> role, float gain)
    {
        foreach ((string family, float[] samples) in role)
        {
            TensorPrimitives.Multiply(samples, gain, samples);
            _samples[family] = StemSynthesis.Sum(_samples.GetValueOrDefault(family, []), samples);
        }
    }

    /// <summary>
    /// Writes each family that sounds, as long and with the same gain as the roles, unless it is all of its roles: these are its stem then.
    /// </summary>
    /// <returns>The families that sound, with their roles.</returns>
    public IReadOnlyDictionary<string, IReadOnlyList<string>> Save(string folder, RenderedSong rendered)
    {
        var roles = new SortedDictionary<string, IReadOnlyList<string>>(StringComparer.Ordinal);
        foreach ((string family, float[] samples) in _samples)
        {
            short[] quantised = rendered.Quantise(samples);
            if (!quantised.AsSpan().ContainsAnyExceptInRange((short)-SoundingPeak, (short)SoundingPeak)) continue;
            Stem[] own = [.. Refined.Where(r => FamiliesOf(r).Contains(family))];
            roles[family] = [.. own.Select(CorpusSong.RoleName)];
            if (own.All(r => FamiliesOf(r).All(f => f == family))) continue;
            string path = SongFamilies.PathIn(folder, family);
            Directory.CreateDirectory(Path.GetDirectoryName(path)!);
            SongRenderer.Save(path, quantised);
        }
        return roles;
    }

    private IEnumerable<string?> FamiliesOf(Stem role) =>
        plan.Sung is not null && role == Stem.Vocals ? [] : StemSynthesis.PartsOf(song, role).Select(plan.FamilyOf);
}
