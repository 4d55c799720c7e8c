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
            AddKnown($"stem = {(int)stem}", filter.IncludeUnknownStem ? "stem" : null);
        if (filter.Keys.Count > 0)
            AddKnown($"key IN ({string.Join(',', filter.Keys.Select(key => key.Number))})", filter.IncludeUnknownKey ? "key" : null);
        Add("seconds >= {0}", filter.MinimumSeconds);
        Add("seconds <= {0}", filter.MaximumSeconds);
        if (filter is { MinimumTempo: not null } or { MaximumTempo: not null })
        {
            string bounds = $"{{0}} >= {Parameter(filter.MinimumTempo ?? 0)} AND {{0}} <= {Parameter(filter.MaximumTempo ?? double.MaxValue)}";
            string[] tempi = filter.IncludeHalfAndDoubleTempo ? ["tempo", "tempo / 2", "tempo * 2"] : ["tempo"];
            AddKnown(string.Join(" OR ", tempi.Select(tempo => Format(bounds, tempo))), filter.IncludeUnknownTempo ? "tempo" : null);
        }
        foreach (string tag in filter.Tags)
            Add("number IN (SELECT entry FROM tag WHERE tag = {0})", tag);
        // Either slash stands for both; GLOB takes brackets for sets of characters, unless they are in one.
        string? path = filter.Path?.Replace('\\', '/').Replace("[", "[[]");
        if (filter.IgnorePathCase)
            Add($@"{UpperFunction}(replace(path, '\', '/')) GLOB {{0}}", path?.ToUpperInvariant());
        else
            Add(@"replace(path, '\', '/') GLOB {0}", path);
        IsOnlySilence = _parts.Count == 0;
        if (!filter.IncludeSilent)
            _parts.Insert(0, "is_silent = 0");
    }

    /// <summary>Whether it asks for nothing but whether an entry is silent.</summary>
    internal bool IsOnlySilence { get; }

    /// <summary>The condition.</summary>
    internal string Sql => _parts.Count == 0 ? "TRUE" : string.Join(" AND ", _parts);

    internal object?[] Values => [.. _values];

    private void Add(string part, object? value)
    {
        if (value is not null)
            _parts.Add(Format(part, Parameter(value)));
    }

    private void AddKnown(string part, string? orUnknown) =>
        _parts.Add(orUnknown is null ? $"({part})" : $"({part} OR {orUnknown} IS NULL)");

    /// <summary>SQLite has no NaN: it would be NULL, which no comparison is true of; so is NaN.</summary>
    private string Parameter(object value)
    {
        _values.Add(value is double.NaN ? null : value);
        return $"@{_values.Count - 1}";
    }

    private static string Format(string part, string name) => string.Format(System.Globalization.CultureInfo.InvariantCulture, part, name);
}
