using System.IO.Enumeration;
using System.Text;

namespace StemJepa;

/// <summary>A <see cref="CatalogFilter"/> made ready for many rows. Immutable and thread-safe.</summary>
internal sealed class RowFilter
{
    private readonly CatalogFilter _filter;
    private readonly uint _keys;
    private readonly sbyte _stem;
    private readonly byte[]? _stemName;
    private readonly byte[][] _tags;
    private readonly string? _path;

    internal RowFilter(CatalogFilter? filter)
    {
        _filter = filter ?? new CatalogFilter();
        foreach (MusicalKey key in _filter.Keys)
            _keys |= 1u << key.Number;
        _stem = EntryCode.Number(_filter.Stem);
        if (_filter.Stem is { IsRole: false } named)
            _stemName = Encoding.ASCII.GetBytes(named.Name + '\0');
        _tags = [.. _filter.Tags.Select(Encoding.UTF8.GetBytes)];
        _path = _filter.Path is { } path ? WithSlashes(path) : null;
    }

    /// <summary>Whether a record and its texts pass.</summary>
    internal bool Accepts(in EntryRecord record, ReadOnlySpan<byte> text) =>
        (_filter.IncludeSilent || !record.Flags.HasFlag(EntryFlags.Silent))
        && HasStem(record, text)
        && (_keys == 0 || (record.Key >= 0 ? (_keys >> record.Key & 1) != 0 : _filter.IncludeUnknownKey))
        && IsWithin(record.Seconds, _filter.MinimumSeconds, _filter.MaximumSeconds)
        && HasTempo(record.Tempo)
        && HasTags(EntryCode.Tags(record, text)) && MatchesPath(record, text);

    private bool HasStem(in EntryRecord record, ReadOnlySpan<byte> text) => _filter.Stem is null
        || (_filter.IncludeUnknownStem && record.Stem == EntryRecord.Unknown)
        || (record.Stem == _stem && (_stemName is null || EntryCode.StemNames(record, text).StartsWith(_stemName)));

    private bool HasTempo(double tempo) => IsWithin(tempo, _filter.MinimumTempo, _filter.MaximumTempo)
        || (_filter.IncludeUnknownTempo && double.IsNaN(tempo))
        || (_filter.IncludeHalfAndDoubleTempo && (IsWithin(tempo / 2, _filter.MinimumTempo, _filter.MaximumTempo)
            || IsWithin(tempo * 2, _filter.MinimumTempo, _filter.MaximumTempo)));

    private static bool IsWithin(double value, double? minimum, double? maximum) =>
        (minimum is null || value >= minimum) && (maximum is null || value <= maximum);

    private bool HasTags(ReadOnlySpan<byte> tags)
    {
        foreach (byte[] wanted in _tags)
        {
            bool found = false;
            foreach (Range tag in tags.Split((byte)0))
                found |= tags[tag].SequenceEqual(wanted);
            if (!found || wanted.Length == 0)
                return false;
        }
        return true;
    }

    private bool MatchesPath(in EntryRecord record, ReadOnlySpan<byte> text) => _path is null
        || (record.PathBytes >= 0 && FileSystemName.MatchesSimpleExpression(_path,
        WithSlashes(Encoding.UTF8.GetString(EntryCode.Path(record, text))), _filter.IgnorePathCase));

    /// <summary>In patterns a backslash would take the next character literally; so either slash stands for both.</summary>
    private static string WithSlashes(string path) => path.Replace('\\', '/');
}
