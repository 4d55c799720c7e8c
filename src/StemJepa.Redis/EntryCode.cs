using System.Text;

namespace StemJepa;

/// <summary>
/// Entries as records and texts: id, path, tags, instrument, and the names of stems that are no roles (<see cref="EntryRecord.Named"/>) in
/// the order known, named, detected, all in UTF-8; each tag and stem ends with a zero byte.
/// </summary>
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
        Stem?[] stems = [entry.Stem, entry.Named?.Stem, detected?.Stem];
        byte[] names = Utf8.GetBytes(string.Concat(stems.OfType<Stem>().Where(stem => !stem.IsRole).Select(stem => stem.Name + '\0')));
        var record = new EntryRecord
        {
            Seconds = entry.Seconds ?? double.NaN,
            Tempo = entry.Tempo ?? double.NaN,
            IdBytes = id.Length,
            PathBytes = entry.Path is null ? EntryRecord.Unknown : path.Length,
            TagsBytes = tags.Length,
            InstrumentBytes = detected?.Instrument is null ? EntryRecord.Unknown : instrument.Length,
            Stem = Number(stems[0]),
            Key = Number(entry.Key),
            Flags = (entry.IsSilent ? EntryFlags.Silent : EntryFlags.None) | (detected is null ? EntryFlags.None : EntryFlags.Analyzed),
            NamedStem = Number(stems[1]),
            NamedKey = Number(entry.Named?.Key),
            NamedTempo = entry.Named?.Tempo ?? double.NaN,
            DetectedStem = Number(stems[2]),
            StemConfidence = detected?.StemConfidence ?? double.NaN,
            DetectedKey = Number(detected?.Key),
            KeyConfidence = detected?.KeyConfidence ?? double.NaN,
            DetectedTempo = detected?.Tempo ?? double.NaN,
            TempoConfidence = detected?.TempoConfidence ?? double.NaN,
            InstrumentConfidence = detected?.InstrumentConfidence ?? double.NaN,
            Loudness = detected?.Loudness ?? double.NaN,
            Downbeat = detected?.Downbeat ?? double.NaN,
            DownbeatConfidence = detected?.DownbeatConfidence ?? double.NaN,
            StemsBytes = (short)names.Length,
            IsLoop = detected?.IsLoop switch { null => EntryRecord.Unknown, true => 1, false => 0 },
        };
        if (entry.ContentHash is { } hash)
        {
            record.Flags |= EntryFlags.HasHash;
            Convert.FromHexString(hash).CopyTo(record.Hash);
        }
        return (record, [.. id, .. path, .. tags, .. instrument, .. names]);
    }

    /// <summary>The bytes of an id.</summary>
    /// <exception cref="ArgumentException">It is empty or too long.</exception>
    internal static byte[] EncodeId(string id)
    {
        EntryCheck.RequireId(id);
        return Utf8.GetBytes(id);
    }

    internal static CatalogEntry Decode(in EntryRecord record, ReadOnlySpan<byte> text)
    {
        Stem?[] stems = TryReadStems(record, text)!;
        return new CatalogEntry
        {
            Id = Utf8.GetString(Id(record, text)),
            Path = record.PathBytes < 0 ? null : Utf8.GetString(Path(record, text)),
            Tags = record.TagsBytes == 0 ? [] : Utf8.GetString(Tags(record, text)[..^1]).Split('\0'),
            Seconds = Known(record.Seconds),
            Tempo = Known(record.Tempo),
            Stem = stems[0],
            Key = KeyOf(record.Key),
            Named = new NamedMetadata(stems[1], KeyOf(record.NamedKey), Known(record.NamedTempo)) is var named
                && named == new NamedMetadata() ? null : named,
            Detected = record.Flags.HasFlag(EntryFlags.Analyzed) ? Detected(record, text, stems[2]) : null,
            ContentHash = record.Flags.HasFlag(EntryFlags.HasHash) ? Convert.ToHexStringLower(record.Hash) : null,
            IsSilent = record.Flags.HasFlag(EntryFlags.Silent),
        };
    }

    private static DetectedMetadata Detected(in EntryRecord record, ReadOnlySpan<byte> text, Stem? stem) => new()
    {
        Stem = stem,
        StemConfidence = Known(record.StemConfidence),
        Key = KeyOf(record.DetectedKey),
        KeyConfidence = Known(record.KeyConfidence),
        Tempo = Known(record.DetectedTempo),
        TempoConfidence = Known(record.TempoConfidence),
        Instrument = record.InstrumentBytes < 0 ? null : Utf8.GetString(text[..^record.StemsBytes][^record.InstrumentBytes..]),
        InstrumentConfidence = Known(record.InstrumentConfidence),
        Loudness = Known(record.Loudness),
        IsLoop = record.IsLoop < 0 ? null : record.IsLoop != 0,
        Downbeat = Known(record.Downbeat),
        DownbeatConfidence = Known(record.DownbeatConfidence),
    };

    /// <summary>The stem, the one that is named and the one that is detected; null if the names in the text are not theirs.</summary>
    internal static Stem?[]? TryReadStems(in EntryRecord record, ReadOnlySpan<byte> text)
    {
        ReadOnlySpan<byte> names = StemNames(record, text);
        sbyte[] numbers = [record.Stem, record.NamedStem, record.DetectedStem];
        var stems = new Stem?[numbers.Length];
        for (int i = 0; i < numbers.Length; i++)
        {
            if (numbers[i] is >= 0 and < EntryRecord.Named)
                stems[i] = Stem.Roles[numbers[i]];
            if (numbers[i] != EntryRecord.Named)
                continue;
            int length = names.IndexOf((byte)0);
            if (length < 0 || !Stem.TryParse(Encoding.ASCII.GetString(names[..length]), out Stem named) || named.IsRole)
                return null;
            stems[i] = named;
            names = names[(length + 1)..];
        }
        return names.IsEmpty ? stems : null;
    }

    /// <summary>How a record tells the stem.</summary>
    internal static sbyte Number(Stem? stem) => stem is not { } known ? EntryRecord.Unknown
        : known.IsRole ? (sbyte)known.Role : EntryRecord.Named;

    private static sbyte Number(MusicalKey? key) => key is { } known ? (sbyte)known.Number : EntryRecord.Unknown;

    private static MusicalKey? KeyOf(sbyte number) => number < 0 ? null : MusicalKey.FromNumber(number);

    private static double? Known(double value) => double.IsNaN(value) ? null : value;

    internal static ReadOnlySpan<byte> Id(in EntryRecord record, ReadOnlySpan<byte> text) => text[..record.IdBytes];

    internal static ReadOnlySpan<byte> Path(in EntryRecord record, ReadOnlySpan<byte> text) =>
        text.Slice(record.IdBytes, Math.Max(record.PathBytes, 0));

    internal static ReadOnlySpan<byte> StemNames(in EntryRecord record, ReadOnlySpan<byte> text) => text[^record.StemsBytes..];

    internal static ReadOnlySpan<byte> Tags(in EntryRecord record, ReadOnlySpan<byte> text) =>
        text.Slice(record.IdBytes + Math.Max(record.PathBytes, 0), record.TagsBytes);
}
