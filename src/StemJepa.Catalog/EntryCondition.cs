namespace StemJepa;

/// <summary>A <see cref="CatalogFilter"/> as a condition of SQL on the table <c>entry</c>. Immutable.</summary>
internal sealed class EntryCondition
{
    /// <summary>Name of the function that gives capital letters of every script: SQLite's own knows those of ASCII alone.</summary>
    internal const string UpperFunction = "upper_invariant";

    private readonly List<string> _parts = [];
    private readonly List<object?> _values = [];

    internal EntryCondition(CatalogFilter filter)
    {
        if (filter.Stem is { } stem)
            Add($"stem = {Parameter(stem.Name)}", filter.IncludeUnknownStem ? "stem" : null);
        if (filter.Keys.Count > 0)
            Add($"key IN ({string.Join(',', filter.Keys.Select(key => key.Number))})", filter.IncludeUnknownKey ? "key" : null);
        if (filter.MinimumSeconds is { } shortest)
            Add($"seconds >= {Parameter(shortest)}");
        if (filter.MaximumSeconds is { } longest)
            Add($"seconds <= {Parameter(longest)}");
        if (filter is { MinimumTempo: not null } or { MaximumTempo: not null })
        {
            string bounds = $"{Parameter(filter.MinimumTempo ?? 0)} AND {Parameter(filter.MaximumTempo ?? double.MaxValue)}";
            string[] tempi = filter.IncludeHalfAndDoubleTempo ? ["tempo", "tempo / 2", "tempo * 2"] : ["tempo"];
            Add(string.Join(" OR ", tempi.Select(tempo => $"{tempo} BETWEEN {bounds}")), filter.IncludeUnknownTempo ? "tempo" : null);
        }
        foreach (string tag in filter.Tags)
            Add($"number IN (SELECT entry FROM tag WHERE tag = {Parameter(tag)})");
        // Either slash stands for both; GLOB takes brackets for sets of characters, unless they are in one.
        if (filter.Path?.Replace('\\', '/').Replace("[", "[[]") is { } path)
            Add(filter.IgnorePathCase
                ? $@"{UpperFunction}(replace(path, '\', '/')) GLOB {Parameter(path.ToUpperInvariant())}"
                : $@"replace(path, '\', '/') GLOB {Parameter(path)}");
        IsOnlySilence = _parts.Count == 0;
        if (!filter.IncludeSilent)
            _parts.Insert(0, "is_silent = 0");
    }

    /// <summary>Whether it asks for nothing but whether an entry is silent.</summary>
    internal bool IsOnlySilence { get; }

    /// <summary>The condition.</summary>
    internal string Sql => _parts.Count == 0 ? "TRUE" : string.Join(" AND ", _parts);

    internal object?[] Values => [.. _values];

    private void Add(string part, string? orUnknown = null) =>
        _parts.Add(orUnknown is null ? $"({part})" : $"({part} OR {orUnknown} IS NULL)");

    /// <summary>SQLite has no NaN: it would be NULL, which no comparison is true of; so is NaN.</summary>
    private string Parameter(object value)
    {
        _values.Add(value is double.NaN ? null : value);
        return $"@{_values.Count - 1}";
    }
}
