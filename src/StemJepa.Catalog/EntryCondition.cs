namespace StemJepa;

/// <summary>A <see cref="CatalogFilter"/> as a condition of SQL on the table <c>entry</c>. Immutable.</summary>
internal sealed class EntryCondition
{
    private readonly List<string> _parts = [];
    private readonly List<(string Name, object? Value)> _values = [];

    internal EntryCondition(CatalogFilter filter)
    {
        IsOnlySilence = filter is { Stem: null, MinimumSeconds: null, MaximumSeconds: null, MinimumTempo: null, MaximumTempo: null,
            Keys.Count: 0, Tags.Count: 0, Path: null };
        if (!filter.IncludeSilent)
            _parts.Add("is_silent = 0");
        if (filter.Stem is { } stem)
            Add(filter.IncludeUnknownStem ? "(stem = {0} OR stem IS NULL)" : "stem = {0}", (long)stem);
        if (filter.Keys.Count > 0)
            _parts.Add($"key IN ({string.Join(',', filter.Keys.Select(key => key.Number))})");
        Add("seconds >= {0}", filter.MinimumSeconds);
        Add("seconds <= {0}", filter.MaximumSeconds);
        Add("tempo >= {0}", filter.MinimumTempo);
        Add("tempo <= {0}", filter.MaximumTempo);
        foreach (string tag in filter.Tags)
            Add("number IN (SELECT entry FROM tag WHERE tag = {0})", tag);
        // Either slash stands for both; GLOB takes brackets for sets of characters, unless they are in one.
        Add(@"replace(path, '\', '/') GLOB {0}", filter.Path?.Replace('\\', '/').Replace("[", "[[]"));
    }

    /// <summary>Whether it asks for nothing but whether an entry is silent.</summary>
    internal bool IsOnlySilence { get; }

    /// <summary>The condition.</summary>
    internal string Sql => _parts.Count == 0 ? "TRUE" : string.Join(" AND ", _parts);

    internal IEnumerable<(string Name, object? Value)> Values => _values;

    private void Add(string part, object? value)
    {
        if (value is null)
            return;
        string name = $"@p{_values.Count}";
        _parts.Add(string.Format(System.Globalization.CultureInfo.InvariantCulture, part, name));
        // SQLite has no NaN: it would be NULL, which no comparison is true of; so is NaN.
        _values.Add((name, value is double.NaN ? null : value));
    }
}
