using Microsoft.Extensions.VectorData;
using Definition = Microsoft.Extensions.VectorData.FilteredRecordRetrievalOptions<StemJepa.Extensions.StemRecord>.OrderByDefinition;

namespace StemJepa.Extensions;

/// <summary>
/// The order that a caller of <c>GetAsync</c> asks for. What is unknown comes first; texts are in ordinal order. Immutable.
/// </summary>
internal sealed class RecordOrder
{
    private static readonly Comparer<object?> Values = Comparer<object?>.Create((left, right) =>
        left is string one && right is string other ? string.CompareOrdinal(one, other) : Comparer<object?>.Default.Compare(left, right));

    private readonly List<(Func<StemRecord, object?> Property, bool IsAscending)> _sorts = [];

    /// <exception cref="NotSupportedException">Something else than a single value of a record is sorted by.</exception>
    internal RecordOrder(Func<Definition, Definition>? define)
    {
        foreach (Definition.SortInfo sort in define?.Invoke(new Definition()).Values ?? [])
        {
            string? property = new RecordProperties(sort.PropertySelector.Parameters[0]).NameOf(sort.PropertySelector.Body);
            if (property is null or nameof(StemRecord.Tags) or nameof(StemRecord.Vector))
                throw new NotSupportedException(
                    $"'{sort.PropertySelector.Body}' has no order: sort by a single value of a {nameof(StemRecord)}, such as "
                    + $"{nameof(StemRecord.Tempo)}.");
            _sorts.Add((sort.PropertySelector.Compile(preferInterpretation: true), sort.Ascending));
        }
    }

    /// <summary>The records in order; equal ones, and all where no order was asked for, as they come.</summary>
    internal IEnumerable<StemRecord> Sort(IEnumerable<StemRecord> records)
    {
        IOrderedEnumerable<StemRecord>? sorted = null;
        foreach ((Func<StemRecord, object?> property, bool isAscending) in _sorts)
        {
            sorted = (sorted, isAscending) switch
            {
                (null, true) => records.OrderBy(property, Values),
                (null, false) => records.OrderByDescending(property, Values),
                (_, true) => sorted.ThenBy(property, Values),
                (_, false) => sorted.ThenByDescending(property, Values),
            };
        }
        return sorted ?? records;
    }
}
