namespace StemJepa;

/// <summary>A <see cref="CatalogFilter"/> as a condition of SQL on the table <c>entry</c>. Immutable.</summary>
internal sealed class EntryCondition
{
    /// <summary>Name of the function that gives capital letters of every script: SQLite's own knows those of ASCII alone.</summary>
    internal const string UpperFunction = "upper_invariant";

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
        {
            string oneOf = $"key IN ({string.Join(',', filter.Keys.Select(key => key.Number))})";
            _parts.Add(filter.IncludeUnknownKey ? $"({oneOf} OR key IS NULL)" : oneOf);
        }
        Add("seconds >= {0}", filter.MinimumSeconds);
        Add("seconds <= {0}", filter.MaximumSeconds);
        AddTempo(filter);
        foreach (string tag in filter.Tags)
            Add("number IN (SELECT entry FROM tag WHERE tag = {0})", tag);
        // Either slash stands for both; GLOB takes brackets for sets of characters, unless they are in one.
        string? path = filter.Path?.Replace('\\', '/').Replace("[", "[[]");
        if (filter.IgnorePathCase)
            Add($@"{UpperFunction}(replace(path, '\', '/')) GLOB {{0}}", path?.ToUpperInvariant());
        else
            Add(@"replace(path, '\', '/') GLOB {0}", path);
    }

    /// <summary>Whether it asks for nothing but whether an entry is silent.</summary>
    internal bool IsOnlySilence { get; }

    /// <summary>The condition.</summary>
    internal string Sql => _parts.Count == 0 ? "TRUE" : string.Join(" AND ", _parts);

    internal IEnumerable<(string Name, object? Value)> Values => _values;

    private void AddTempo(CatalogFilter filter)
    {
        if (filter.MinimumTempo is null && filter.MaximumTempo is null)
            return;
        string[] bounds =
        [
            .. filter.MinimumTempo is { } minimum ? [$"{{0}} >= {Parameter(minimum)}"] : Array.Empty<string>(),
            .. filter.MaximumTempo is { } maximum ? [$"{{0}} <= {Parameter(maximum)}"] : Array.Empty<string>(),
        ];
        string within = string.Join(" AND ", bounds);
        string[] tempi = filter.IncludeHalfAndDoubleTempo ? ["tempo", "tempo / 2", "tempo * 2"] : ["tempo"];
        IEnumerable<string> ways = tempi.Select(tempo => $"({Format(within, tempo)})");
        _parts.Add($"({string.Join(" OR ", filter.IncludeUnknownTempo ? [.. ways, "tempo IS NULL"] : ways)})");
    }

    private void Add(string part, object? value)
    {
        if (value is not null)
            _parts.Add(Format(part, Parameter(value)));
    }

    /// <summary>SQLite has no NaN: it would be NULL, which no comparison is true of; so is NaN.</summary>
    private string Parameter(object value)
    {
        string name = $"@p{_values.Count}";
        _values.Add((name, value is double.NaN ? null : value));
        return name;
    }

    private static string Format(string part, string name) => string.Format(System.Globalization.CultureInfo.InvariantCulture, part, name);
}
