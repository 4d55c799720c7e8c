using System.Linq.Expressions;

namespace StemJepa.Extensions;

/// <summary>Reads expressions over one record: which property is meant, and which values are known without the record.</summary>
internal sealed class RecordProperties(ParameterExpression record)
{
    /// <summary>The property of the record that an expression is, or null.</summary>
    internal string? NameOf(Expression expression) => WithoutConversions(expression) switch
    {
        MemberExpression { Expression: { } owner } member when owner == record => member.Member.Name,
        MemberExpression { Member.Name: nameof(Nullable<>.Value), Expression: { } owner } when NameOf(owner) is { } name => name,
        _ => null,
    };

    /// <summary>A comparison of a property with a value, or null if it is something else.</summary>
    internal RecordComparison? Compare(BinaryExpression comparison)
    {
        if (NameOf(comparison.Left) is { } left && !Mentions(comparison.Right))
            return new RecordComparison(left, comparison.NodeType, Evaluate(comparison.Right));
        if (NameOf(comparison.Right) is { } right && !Mentions(comparison.Left))
            return new RecordComparison(right, Mirrored(comparison.NodeType), Evaluate(comparison.Left));
        return null;
    }

    /// <summary>
    /// A call that asks whether a property holds a value (<c>Tags.Contains</c>, <c>Path.StartsWith</c>) or is among values
    /// (<c>keys.Contains</c>), or null if it is something else.
    /// </summary>
    internal (string Property, string Method, object? Value)? ReadCall(MethodCallExpression call)
    {
        Expression[] parts = call.Object is null ? [.. call.Arguments] : [call.Object, .. call.Arguments];
        if (parts.Length == 3 && !IsOrdinal(parts[2], call.Method.Name))
            return null;
        if (parts.Length is not (2 or 3))
            return null;
        if (NameOf(parts[0]) is { } holder && !Mentions(parts[1]))
            return (holder, call.Method.Name, Evaluate(parts[1]));
        if (call.Method.Name == nameof(Enumerable.Contains) && NameOf(parts[1]) is { } item && !Mentions(parts[0])
            && Evaluate(WithoutConversions(parts[0])) is { } values and not string)
            return (item, call.Method.Name, values);
        return null;
    }

    /// <summary>Whether an expression needs the record.</summary>
    internal bool Mentions(Expression expression)
    {
        var search = new Search(record);
        search.Visit(expression);
        return search.IsFound;
    }

    /// <summary>The value of an expression that does not need the record.</summary>
    internal static object? Evaluate(Expression expression) => expression is ConstantExpression constant
        ? constant.Value
        : Expression.Lambda<Func<object?>>(Expression.Convert(expression, typeof(object))).Compile(preferInterpretation: true)();

    /// <summary>What is joined by <c>||</c>.</summary>
    internal static IEnumerable<Expression> Alternatives(Expression expression) =>
        WithoutConversions(expression) is BinaryExpression { NodeType: ExpressionType.OrElse or ExpressionType.Or } either
            ? [.. Alternatives(either.Left), .. Alternatives(either.Right)]
            : [WithoutConversions(expression)];

    /// <summary>An expression without the conversions that compilers put around it, those of arrays to spans among them.</summary>
    internal static Expression WithoutConversions(Expression expression)
    {
        while (true)
        {
            switch (expression)
            {
                case UnaryExpression { NodeType: ExpressionType.Convert or ExpressionType.ConvertChecked } conversion:
                    expression = conversion.Operand;
                    break;
                case MethodCallExpression { Method: { Name: "op_Implicit", ReturnType: { IsByRefLike: true } }, Arguments: [var array] }:
                    expression = array;
                    break;
                default:
                    return expression;
            }
        }
    }

    /// <summary>
    /// Comparisons of text take ordinal order alone; a span's or a list's Contains may name the usual comparer, which is null.
    /// </summary>
    private bool IsOrdinal(Expression comparison, string method) => !Mentions(comparison)
        && (Evaluate(comparison) is StringComparison.Ordinal || (method == nameof(Enumerable.Contains) && Evaluate(comparison) is null));

    private static ExpressionType Mirrored(ExpressionType comparison) => comparison switch
    {
        ExpressionType.GreaterThan => ExpressionType.LessThan,
        ExpressionType.GreaterThanOrEqual => ExpressionType.LessThanOrEqual,
        ExpressionType.LessThan => ExpressionType.GreaterThan,
        ExpressionType.LessThanOrEqual => ExpressionType.GreaterThanOrEqual,
        _ => comparison,
    };

    private sealed class Search(ParameterExpression parameter) : ExpressionVisitor
    {
        internal bool IsFound { get; private set; }

        protected override Expression VisitParameter(ParameterExpression node)
        {
            IsFound |= node == parameter;
            return node;
        }
    }
}
