using System.Linq.Expressions;

namespace StemJepa.Extensions;

/// <summary>A <see cref="CatalogFilter"/> as a filter over records, in the plainest words, so that many stores understand it.</summary>
internal static class FilterExpression
{
    /// <summary>The filter, or null if all recordings pass, silent ones too.</summary>
    /// <exception cref="NotSupportedException">
    /// The path's pattern says more than that a path is, begins with, ends with or contains a text.
    /// </exception>
    internal static Expression<Func<StemRecord, bool>>? Of(CatalogFilter filter)
    {
        Expression<Func<StemRecord, bool>>? all = null;
        foreach (Expression<Func<StemRecord, bool>> condition in Conditions(filter))
        {
            all = all is null
                ? condition
                : Expression.Lambda<Func<StemRecord, bool>>(
                    Expression.AndAlso(all.Body, new Renaming(condition.Parameters[0], all.Parameters[0]).Visit(condition.Body)),
                    all.Parameters);
        }
        return all;
    }

    private static IEnumerable<Expression<Func<StemRecord, bool>>> Conditions(CatalogFilter filter)
    {
        if (!filter.IncludeSilent)
            yield return record => !record.IsSilent;
        if (filter.Stem is { } stem)
        {
            string name = stem.Name;
            yield return filter.IncludeUnknownStem ? record => record.Stem == name || record.Stem == null : record => record.Stem == name;
        }
        if (filter.MinimumSeconds is { } shortest)
            yield return record => record.Seconds >= shortest;
        if (filter.MaximumSeconds is { } longest)
            yield return record => record.Seconds <= longest;
        foreach (Expression<Func<StemRecord, bool>> condition in OfTempo(filter))
            yield return condition;
        if (filter.Keys.Count > 0)
        {
            string?[] keys = [.. filter.Keys.Select(key => key.ToString())];
            yield return filter.IncludeUnknownKey
                ? record => record.Key == null || Enumerable.Contains(keys, record.Key)
                : record => Enumerable.Contains(keys, record.Key);
        }
        foreach (string tag in filter.Tags)
            yield return record => record.Tags.Contains(tag);
        if (filter.Path is { } pattern)
            yield return OfPath(pattern, filter.IgnorePathCase);
    }

    private static IEnumerable<Expression<Func<StemRecord, bool>>> OfTempo(CatalogFilter filter)
    {
        if (filter.MinimumTempo is null && filter.MaximumTempo is null)
            yield break;
        if (!filter.IncludeHalfAndDoubleTempo && !filter.IncludeUnknownTempo)
        {
            if (filter.MinimumTempo is { } slowest)
                yield return record => record.Tempo >= slowest;
            if (filter.MaximumTempo is { } fastest)
                yield return record => record.Tempo <= fastest;
            yield break;
        }
        double minimum = filter.MinimumTempo ?? 0, maximum = filter.MaximumTempo ?? double.MaxValue;
        double halfMinimum = minimum / 2, halfMaximum = maximum / 2, doubleMinimum = 2 * minimum;
        double doubleMaximum = maximum > double.MaxValue / 2 ? maximum : 2 * maximum;
        yield return (filter.IncludeHalfAndDoubleTempo, filter.IncludeUnknownTempo) switch
        {
            (true, true) => record => record.Tempo == null || (record.Tempo >= minimum && record.Tempo <= maximum)
                || (record.Tempo >= halfMinimum && record.Tempo <= halfMaximum)
                || (record.Tempo >= doubleMinimum && record.Tempo <= doubleMaximum),
            (true, false) => record => (record.Tempo >= minimum && record.Tempo <= maximum)
                || (record.Tempo >= halfMinimum && record.Tempo <= halfMaximum)
                || (record.Tempo >= doubleMinimum && record.Tempo <= doubleMaximum),
            _ => record => record.Tempo == null || (record.Tempo >= minimum && record.Tempo <= maximum),
        };
    }

    private static Expression<Func<StemRecord, bool>> OfPath(string pattern, bool ignoresCase)
    {
        if (ignoresCase)
            throw new NotSupportedException($"{nameof(CatalogFilter.IgnorePathCase)} with the path's pattern '{pattern}' is more than "
                + "vector stores can filter by: write the path as it is, or use tags.");
        bool anyStart = pattern.StartsWith('*'), anyEnd = pattern.EndsWith('*') && pattern.Length > 1;
        string text = pattern[(anyStart ? 1 : 0)..(anyEnd ? ^1 : ^0)];
        if (text.AsSpan().IndexOfAny('*', '?') >= 0)
            throw new NotSupportedException(
                $"The path's pattern '{pattern}' is more than vector stores can filter by: use * at its beginning or end only, or tags.");
        return (anyStart, anyEnd) switch
        {
            (false, false) => record => record.Path == text,
            (false, true) => record => record.Path != null && record.Path.StartsWith(text),
            (true, false) => record => record.Path != null && record.Path.EndsWith(text),
            (true, true) => record => record.Path != null && record.Path.Contains(text),
        };
    }

    private sealed class Renaming(ParameterExpression from, ParameterExpression to) : ExpressionVisitor
    {
        protected override Expression VisitParameter(ParameterExpression node) => node == from ? to : node;
    }
}
