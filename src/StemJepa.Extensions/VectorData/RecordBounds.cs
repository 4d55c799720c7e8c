using System.Linq.Expressions;

namespace StemJepa.Extensions;

/// <summary>The numbers that a comparison lets pass, both bounds included; null: no bound.</summary>
internal readonly record struct RecordBounds(double? Minimum, double? Maximum)
{
    /// <summary>The bounds of a comparison, or null if it has none: with NaN, with null, or by <c>!=</c>.</summary>
    internal static RecordBounds? Of(RecordComparison comparison) => comparison switch
    {
        (_, ExpressionType.NotEqual, null) => new(double.NegativeInfinity, null),
        (_, _, double.NaN) => null,
        (_, ExpressionType.Equal, double value) => new(value, value),
        (_, ExpressionType.GreaterThanOrEqual, double value) => new(value, null),
        (_, ExpressionType.GreaterThan, double value) => new(Math.BitIncrement(value), null),
        (_, ExpressionType.LessThanOrEqual, double value) => new(null, value),
        (_, ExpressionType.LessThan, double value) => new(null, Math.BitDecrement(value)),
        _ => null,
    };

    /// <summary>The numbers, so many times as large; no finite bound becomes infinite.</summary>
    internal RecordBounds Scaled(double factor) => new(Minimum * factor,
        Maximum is { } maximum && double.IsFinite(maximum) ? Math.Min(maximum * factor, double.MaxValue) : Maximum);
}
