using System.Collections;

namespace StemJepa;

/// <summary>
/// A catalogue as one manifest describes it. Immutable and thread-safe; its segments stay open until it is closed and the last call is out.
/// </summary>
internal sealed class Snapshot
{
    private readonly BitArray?[] _dead;

    private Snapshot(CatalogManifest manifest, Segment[] segments, string folder)
    {
        Manifest = manifest;
        Segments = segments;
        Count = manifest.Live;
        _dead = [.. manifest.Segments.Select(DeadRows)];
        Gate = new UseGate(() => EndUses(segments), folder);
    }

    internal CatalogManifest Manifest { get; }

    internal IReadOnlyList<Segment> Segments { get; }

    /// <summary>Recordings that are not dead.</summary>
    internal int Count { get; }

    /// <summary>Every call that reads rows enters first.</summary>
    internal UseGate Gate { get; }

    /// <summary>
    /// Opens the newest state of a catalogue, with the segments that an older snapshot, which must still be open, has open already.
    /// </summary>
    /// <returns><paramref name="previous"/> itself if nothing has changed.</returns>
    /// <exception cref="StemJepaException">There is no catalogue, or it is damaged.</exception>
    internal static Snapshot Load(string folder, Snapshot? previous = null)
    {
        for (CatalogManifest manifest = CatalogManifest.Read(folder); ;)
        {
            if (previous is not null && IsSame(previous.Manifest, manifest))
                return previous;
            var segments = new List<Segment>();
            try
            {
                foreach (ManifestSegment named in manifest.Segments)
                    segments.Add(OpenSegment(folder, manifest, named, previous));
                return new Snapshot(manifest, [.. segments], folder);
            }
            catch (Exception error)
            {
                EndUses(segments);
                if (error is not FileNotFoundException missing)
                    throw;
                // A writer may have merged the segment away since the manifest was read; then there is a newer manifest.
                CatalogManifest newer = CatalogManifest.Read(folder);
                if (IsSame(newer, manifest))
                    throw new StemJepaException(
                        $"{missing.FileName} is missing: restore the folder from a copy, or index the recordings again.", missing);
                manifest = newer;
            }
        }
    }

    internal bool IsDead(int segment, int row) => _dead[segment] is { } dead && dead[row];

    internal IEnumerable<int> LiveRows(int segment) => Enumerable.Range(0, Segments[segment].Rows).Where(row => !IsDead(segment, row));

    /// <summary>Where the recording of this id lies.</summary>
    internal (int Segment, int Row)? Find(byte[] id)
    {
        for (int segment = Segments.Count - 1; segment >= 0; segment--)
        {
            foreach (int row in Segments[segment].RowsOf(id))
            {
                if (!IsDead(segment, row))
                    return (segment, row);
            }
        }
        return null;
    }

    internal CatalogEntry Entry(int segment, int row) => EntryCode.Decode(Segments[segment].RecordAt(row), Segments[segment].Text(row));

    internal float[] Direction(int segment, int row)
    {
        var direction = new float[Manifest.Model.Length];
        Segment source = Segments[segment];
        VectorCode.Decode(Manifest.Precision, source.Vector(row), source.Refinement(row), source.Scale(row), direction);
        return direction;
    }

    private static bool IsSame(CatalogManifest left, CatalogManifest right) => left.Generation == right.Generation
        && left.Segments.Select(segment => segment.Checksum).SequenceEqual(right.Segments.Select(segment => segment.Checksum));

    private static Segment OpenSegment(string folder, CatalogManifest manifest, ManifestSegment named, Snapshot? previous)
    {
        for (int i = 0; i < previous?.Segments.Count; i++)
        {
            if (previous.Manifest.Segments[i].Number == named.Number && previous.Manifest.Segments[i].Checksum == named.Checksum)
            {
                previous.Segments[i].AddUse();
                return previous.Segments[i];
            }
        }
        return new Segment(folder, named, manifest.Precision, manifest.Model.Length);
    }

    private static BitArray? DeadRows(ManifestSegment segment)
    {
        if (segment.Dead.Length == 0)
            return null;
        var dead = new BitArray(segment.Rows);
        foreach (int row in segment.Dead)
            dead[row] = true;
        return dead;
    }

    private static void EndUses(IEnumerable<Segment> segments)
    {
        foreach (Segment segment in segments)
            segment.EndUse();
    }
}
