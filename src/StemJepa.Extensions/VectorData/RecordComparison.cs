using System.Linq.Expressions;

namespace StemJepa.Extensions;

/// <summary>A record's property, compared with a value: as if written with the property on the left.</summary>
internal sealed record RecordComparison(string Property, ExpressionType Operator, object? Value);
