using System.Text;

namespace StemJepa;

/// <summary>Entries as records and texts: id, path, tags, instrument, in UTF-8; each tag ends with a zero byte.</summary>
internal static class EntryCode
{
    private static readonly UTF8Encoding Utf8 = new(encoderShouldEmitUTF8Identifier: false, throwOnInvalidBytes: true);

    /// <summary>Checks an entry and encodes it; <see cref="EntryRecord.TextStart"/> is left at 0.</summary>
    /// <exception cref="ArgumentException">A member is out of its range.</exception>
    internal static (EntryRecord Record, byte[] Text) Encode(CatalogEntry entry)
    {
        EntryCheck.Require(entry);
        byte[] id = Utf8.GetBytes(entry.Id);
        byte[] path = entry.Path is null ? [] : Utf8.GetBytes(entry.Path);
        byte[] tags = Utf8.GetBytes(string.Concat(entry.Tags.Select(tag => tag + '\0')));
        DetectedMetadata? detected = entry.Detected;
        byte[] instrument = detected?.Instrument is null ? [] : Utf8.GetBytes(detected.Instrument);
        var record = new EntryRecord
        {
            Seconds = entry.Seconds ?? double.NaN,
            Tempo = entry.Tempo ?? double.NaN,
            IdBytes = id.Length,
            PathBytes = entry.Path is null ? EntryRecord.Unknown : path.Length,
            TagsBytes = tags.Length,
            InstrumentBytes = detected?.Instrument is null ? EntryRecord.Unknown : instrument.Length,
            Stem = Number(entry.Stem),
            Key = Number(entry.Key),
            Flags = (entry.IsSilent ? EntryFlags.Silent : EntryFlags.None) | (detected is null ? EntryFlags.None : EntryFlags.Analyzed),
            NamedStem = Number(entry.Named?.Stem),
            NamedKey = Number(entry.Named?.Key),
            NamedTempo = entry.Named?.Tempo ?? double.NaN,
            DetectedStem = Number(detected?.Stem),
            StemConfidence = detected?.StemConfidence ?? double.NaN,
            DetectedKey = Number(detected?.Key),
            KeyConfidence = detected?.KeyConfidence ?? double.NaN,
            DetectedTempo = detected?.Tempo ?? double.NaN,
            TempoConfidence = detected?.TempoConfidence ?? double.NaN,
            InstrumentConfidence = detected?.InstrumentConfidence ?? double.NaN,
            Loudness = detected?.Loudness ?? double.NaN,
            Downbeat = detected?.Downbeat ?? double.NaN,
            DownbeatConfidence = detected?.DownbeatConfidence ?? double.NaN,
            IsLoop = detected?.IsLoop switch { null => EntryRecord.Unknown, true => 1, false => 0 },
        };
        if (entry.ContentHash is { } hash)
        {
            record.Flags |= EntryFlags.HasHash;
            Convert.FromHexString(hash).CopyTo(record.Hash);
        }
        return (record, [.. id, .. path, .. tags, .. instrument]);
    }

    /// <summary>The bytes of an id.</summary>
    /// <exception cref="ArgumentException">It is empty or too long.</exception>
    internal static byte[] EncodeId(string id)
    {
        EntryCheck.RequireId(id);
        return Utf8.GetBytes(id);
    }

    internal static CatalogEntry Decode(in EntryRecord record, ReadOnlySpan<byte> text) => new()
    {
        Id = Utf8.GetString(Id(record, text)),
        Path = record.PathBytes < 0 ? null : Utf8.GetString(Path(record, text)),
        Tags = record.TagsBytes == 0 ? [] : Utf8.GetString(Tags(record, text)[..^1]).Split('\0'),
        Seconds = Known(record.Seconds),
        Tempo = Known(record.Tempo),
        Stem = StemOf(record.Stem),
        Key = KeyOf(record.Key),
        Named = new NamedMetadata(StemOf(record.NamedStem), KeyOf(record.NamedKey), Known(record.NamedTempo)) is var named
            && named == new NamedMetadata() ? null : named,
        Detected = record.Flags.HasFlag(EntryFlags.Analyzed) ? Detected(record, text) : null,
        ContentHash = record.Flags.HasFlag(EntryFlags.HasHash) ? Convert.ToHexStringLower(record.Hash) : null,
        IsSilent = record.Flags.HasFlag(EntryFlags.Silent),
    };

    private static DetectedMetadata Detected(in EntryRecord record, ReadOnlySpan<byte> text) => new()
    {
        Stem = StemOf(record.DetectedStem),
        StemConfidence = Known(record.StemConfidence),
        Key = KeyOf(record.DetectedKey),
        KeyConfidence = Known(record.KeyConfidence),
        Tempo = Known(record.DetectedTempo),
        TempoConfidence = Known(record.TempoConfidence),
        Instrument = record.InstrumentBytes < 0 ? null : Utf8.GetString(text[^record.InstrumentBytes..]),
        InstrumentConfidence = Known(record.InstrumentConfidence),
        Loudness = Known(record.Loudness),
        IsLoop = record.IsLoop < 0 ? null : record.IsLoop != 0,
        Downbeat = Known(record.Downbeat),
        DownbeatConfidence = Known(record.DownbeatConfidence),
    };

    private static sbyte Number(Stem? stem) => stem is { } known ? (sbyte)known : EntryRecord.Unknown;

    private static sbyte Number(MusicalKey? key) => key is { } known ? (sbyte)known.Number : EntryRecord.Unknown;

    private static Stem? StemOf(sbyte number) => number < 0 ? null : (Stem)number;

    private static MusicalKey? KeyOf(sbyte number) => number < 0 ? null : MusicalKey.FromNumber(number);

    private static double? Known(double value) => double.IsNaN(value) ? null : value;

    internal static ReadOnlySpan<byte> Id(in EntryRecord record, ReadOnlySpan<byte> text) => text[..record.IdBytes];

    internal static ReadOnlySpan<byte> Path(in EntryRecord record, ReadOnlySpan<byte> text) =>
        text.Slice(record.IdBytes, Math.Max(record.PathBytes, 0));

    internal static ReadOnlySpan<byte> Tags(in EntryRecord record, ReadOnlySpan<byte> text) =>
        text.Slice(record.IdBytes + Math.Max(record.PathBytes, 0), record.TagsBytes);
}
