using System.Linq.Expressions;

namespace StemJepa.Extensions;

/// <summary>
/// A filter over records as a <see cref="CatalogFilter"/>: exactly the same recordings pass, or it is refused. Taken are <c>&amp;&amp;</c>
/// of comparisons of Stem, Seconds, Tempo, Key and Path with values, Tags.Contains, and !IsSilent; and <c>||</c> of keys, of a stem and
/// no stem, or of a range of tempi, its half and its double, and no tempo. A range of tempi alone is exact.
/// </summary>
internal sealed class RecordFilter
{
    private readonly RecordProperties _properties;
    private CatalogFilter _filter = new() { IncludeSilent = true };
    private bool _isImpossible;

    private RecordFilter(ParameterExpression record) => _properties = new RecordProperties(record);

    /// <summary>Translates a filter; null passes all recordings, silent ones too.</summary>
    /// <returns>The filter, or null if no recording can pass.</returns>
    /// <exception cref="NotSupportedException">A part of it says what a catalogue's filter cannot; the message names it.</exception>
    internal static CatalogFilter? Translate(Expression<Func<StemRecord, bool>>? filter)
    {
        if (filter is null)
            return new CatalogFilter { IncludeSilent = true };
        var translation = new RecordFilter(filter.Parameters[0]);
        translation.Add(filter.Body);
        return translation._isImpossible ? null : translation._filter;
    }

    private void Add(Expression part)
    {
        part = RecordProperties.WithoutConversions(part);
        switch (part)
        {
            case BinaryExpression { NodeType: ExpressionType.AndAlso or ExpressionType.And } both:
                Add(both.Left);
                Add(both.Right);
                break;
            case BinaryExpression { NodeType: ExpressionType.OrElse or ExpressionType.Or }:
                AddAlternatives(part);
                break;
            case BinaryExpression comparison when _properties.Compare(comparison) is { } compared:
                Add(compared, part);
                break;
            case UnaryExpression { NodeType: ExpressionType.Not,
                Operand: var operand } when _properties.NameOf(operand) == nameof(StemRecord.IsSilent):
                _filter = _filter with { IncludeSilent = false };
                break;
            case MemberExpression { Member.Name: nameof(Nullable<>.HasValue),
                Expression: { } known } when _properties.NameOf(known) is { } name:
                Add(new RecordComparison(name, ExpressionType.NotEqual, null), part);
                break;
            case MethodCallExpression call:
                AddCall(call);
                break;
            default:
                if (!_properties.Mentions(part) && RecordProperties.Evaluate(part) is bool isTrue)
                    _isImpossible |= !isTrue;
                else
                    throw Unsupported(part);
                break;
        }
    }

    private void Add(RecordComparison comparison, Expression part)
    {
        switch (comparison)
        {
            case (nameof(StemRecord.Stem), ExpressionType.Equal, string stem):
                AddStem(stem, part, orUnknown: false);
                break;
            case (nameof(StemRecord.Key), ExpressionType.Equal, string key):
                AddKeys([key], part);
                break;
            case (nameof(StemRecord.Path), ExpressionType.Equal, string path):
                AddPath("", path, "", part);
                break;
            case (nameof(StemRecord.Path), ExpressionType.NotEqual, null):
                AddPath("", "", "*", part);
                break;
            case (nameof(StemRecord.IsSilent), ExpressionType.Equal, false) or (nameof(StemRecord.IsSilent), ExpressionType.NotEqual, true):
                _filter = _filter with { IncludeSilent = false };
                break;
            case (nameof(StemRecord.Seconds), _, _) when RecordBounds.Of(comparison) is { } bounds:
                _filter = _filter with { MinimumSeconds = Greater(_filter.MinimumSeconds, bounds.Minimum),
                    MaximumSeconds = Less(_filter.MaximumSeconds, bounds.Maximum) };
                break;
            case (nameof(StemRecord.Tempo), _, _) when RecordBounds.Of(comparison) is { } bounds:
                if (_filter is { IncludeHalfAndDoubleTempo: true } or { IncludeUnknownTempo: true })
                    throw SecondTempo(part);
                _filter = _filter with { MinimumTempo = Greater(_filter.MinimumTempo, bounds.Minimum),
                    MaximumTempo = Less(_filter.MaximumTempo, bounds.Maximum) };
                break;
            default:
                throw Unsupported(part);
        }
    }

    private void AddAlternatives(Expression part)
    {
        Expression[] parts = [.. RecordProperties.Alternatives(part)];
        if (TryAddTempi(parts, part))
            return;
        RecordComparison[] leaves = [.. parts.Select(leaf =>
            leaf is BinaryExpression binary && _properties.Compare(binary) is { Operator: ExpressionType.Equal } compared ? compared
            : throw Unsupported(part))];
        if (leaves.All(leaf => leaf is (nameof(StemRecord.Key), _, string)))
            AddKeys([.. leaves.Select(leaf => (string)leaf.Value!)], part);
        else if (leaves is [(nameof(StemRecord.Stem), _, string known), (nameof(StemRecord.Stem), _, null)])
            AddStem(known, part, orUnknown: true);
        else if (leaves is [(nameof(StemRecord.Stem), _, null), (nameof(StemRecord.Stem), _, string named)])
            AddStem(named, part, orUnknown: true);
        else
            throw Unsupported(part);
    }

    /// <summary>Takes a range of tempi with its half and its double, with no tempo, or with both.</summary>
    /// <returns>Whether it is that.</returns>
    private bool TryAddTempi(Expression[] parts, Expression whole)
    {
        Expression[] known = [.. parts.Where(part => !IsUnknownTempo(part))];
        RecordBounds[] ranges = [.. known.Select(TempoOf).OfType<RecordBounds>().OrderBy(range => range.Minimum)
            .ThenBy(range => range.Maximum)];
        bool hasOctaves = ranges is [var half, var middle, var twice] && half == middle.Scaled(0.5) && twice == middle.Scaled(2);
        if (ranges.Length != known.Length || !(hasOctaves || (ranges.Length == 1 && parts.Length == 2)))
            return false;
        if (_filter is { MinimumTempo: not null } or { MaximumTempo: not null })
            throw SecondTempo(whole);
        RecordBounds range = ranges[ranges.Length / 2];
        _filter = _filter with
        {
            MinimumTempo = range.Minimum,
            MaximumTempo = range.Maximum,
            IncludeHalfAndDoubleTempo = hasOctaves,
            IncludeUnknownTempo = known.Length < parts.Length,
        };
        return true;
    }

    private bool IsUnknownTempo(Expression part) => part is BinaryExpression comparison
        && _properties.Compare(comparison) is (nameof(StemRecord.Tempo), ExpressionType.Equal, null);

    private RecordBounds? TempoOf(Expression part) => RecordProperties.WithoutConversions(part) switch
    {
        BinaryExpression { NodeType: ExpressionType.AndAlso or ExpressionType.And } both =>
            TempoOf(both.Left) is { } left && TempoOf(both.Right) is { } right
                ? new RecordBounds(Greater(left.Minimum, right.Minimum), Less(left.Maximum, right.Maximum)) : null,
        BinaryExpression comparison when _properties.Compare(comparison) is { Property: nameof(StemRecord.Tempo) } compared =>
            RecordBounds.Of(compared),
        _ => null,
    };

    private void AddCall(MethodCallExpression call)
    {
        if (_properties.ReadCall(call) is not { } read)
            throw Unsupported(call);
        switch (read)
        {
            case (nameof(StemRecord.Tags), nameof(string.Contains), string tag) when tag.Length > 0 && !tag.Contains('\0'):
                _filter = _filter with { Tags = [.. _filter.Tags, tag] };
                break;
            case (nameof(StemRecord.Key), nameof(Enumerable.Contains), IEnumerable<string?> keys):
                AddKeys([.. keys.OfType<string>()], call);
                break;
            case (nameof(StemRecord.Path), nameof(string.StartsWith), string start):
                AddPath("", start, "*", call);
                break;
            case (nameof(StemRecord.Path), nameof(string.EndsWith), string end):
                AddPath("*", end, "", call);
                break;
            case (nameof(StemRecord.Path), nameof(string.Contains), string middle):
                AddPath("*", middle, "*", call);
                break;
            default:
                throw Unsupported(call);
        }
    }

    private void AddStem(string text, Expression part, bool orUnknown)
    {
        Stem stem = RecordText.ParseStem(text, $"The stem in '{part}'");
        if (_filter.Stem is { } other && (other != stem || orUnknown != _filter.IncludeUnknownStem))
            throw new NotSupportedException($"The filter's part '{part}' is a second condition on the stem: a stem catalogue takes one.");
        _filter = _filter with { Stem = stem, IncludeUnknownStem = orUnknown };
    }

    private void AddKeys(string[] texts, Expression part)
    {
        MusicalKey[] keys = [.. texts.Select(text => RecordText.ParseKey(text, $"A key in '{part}'"))];
        if (_filter.Keys.Count > 0)
            keys = [.. keys.Intersect(_filter.Keys)];
        _isImpossible |= keys.Length == 0;
        _filter = _filter with { Keys = keys };
    }

    private void AddPath(string before, string text, string after, Expression part)
    {
        bool isAny = before.Length + text.Length == 0 && after == "*";
        if (isAny && _filter.Path is not null)
            return;
        if (_filter.Path is not (null or "*"))
            throw new NotSupportedException($"The filter's part '{part}' is a second condition on the path: a stem catalogue takes one.");
        if (text.AsSpan().IndexOfAny('*', '?') >= 0)
            throw new NotSupportedException(
                $"The filter's part '{part}' has * or ? in a path, which a stem catalogue would take as wildcards: leave it out.");
        _filter = _filter with { Path = before + text + after };
    }

    private static double? Greater(double? left, double? right) => left is { } value && !(right > value) ? value : right;

    private static double? Less(double? left, double? right) => left is { } value && !(right < value) ? value : right;

    private static NotSupportedException SecondTempo(Expression part) =>
        new($"The filter's part '{part}' is a second condition on the tempo beside one with ||: a stem catalogue takes one.");

    private static NotSupportedException Unsupported(Expression part) => new(
        $"The filter's part '{part}' is nothing that a stem catalogue can filter by: join with && comparisons of Stem, Seconds, Tempo, "
        + "Key or Path with values, Tags.Contains, and !IsSilent.");
}
