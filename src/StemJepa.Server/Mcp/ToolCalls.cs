using System.Reflection;
using System.Text.Json;
using Microsoft.Extensions.DependencyInjection;
using ModelContextProtocol;
using ModelContextProtocol.Protocol;
using ModelContextProtocol.Server;

namespace StemJepa.Server.Mcp;

/// <summary>
/// What every call of our tools goes through: arguments are checked by the tool's own schema, refusals are one sentence, and what
/// runs is cancelled when the client goes.
/// </summary>
internal static class ToolCalls
{
    /// <summary>Characters of a value that an error quotes.</summary>
    private const int LongestValue = 200;

    private static readonly HashSet<string> Tools =
        [.. typeof(StemTools).GetMethods().Select(method => method.GetCustomAttribute<McpServerToolAttribute>()?.Name).OfType<string>()];

    public static McpRequestHandler<CallToolRequestParams, CallToolResult> Guard(
        McpRequestHandler<CallToolRequestParams, CallToolResult> next) => async (request, cancellationToken) =>
    {
        if (request.MatchedPrimitive is not McpServerTool { ProtocolTool: { } tool } || !Tools.Contains(tool.Name))
            return await next(request, cancellationToken).ConfigureAwait(false);
        if (FindMistake(tool, request.Params?.Arguments) is { } mistake)
            return Refused(mistake);
        using var ending = CancellationTokenSource.CreateLinkedTokenSource(
            cancellationToken, request.Services?.GetService<EndOfInput>()?.Token ?? CancellationToken.None);
        try
        {
            return await next(request, ending.Token).ConfigureAwait(false);
        }
        catch (McpException refusal) when (refusal is not McpProtocolException)
        {
            return Refused(refusal.Message);
        }
    };

    private static CallToolResult Refused(string sentence) =>
        new() { IsError = true, Content = [new TextContentBlock { Text = sentence }] };

    /// <summary>The first argument that is missing, of another type or not known, in a sentence; null if all can be used.</summary>
    private static string? FindMistake(Tool tool, IDictionary<string, JsonElement>? arguments)
    {
        JsonElement known = tool.InputSchema.GetProperty("properties");
        foreach ((string name, JsonElement value) in arguments ?? new Dictionary<string, JsonElement>())
        {
            if (!known.TryGetProperty(name, out JsonElement schema))
            {
                string usable = string.Join(", ", known.EnumerateObject().Select(item => item.Name));
                return $"{name} is no argument of {tool.Name}; use {(usable.Length > 0 ? usable : "none")}.";
            }
            if (!IsOf(schema, value))
                return $"{name} is {Quote(value)}; give {Describe(schema)}";
            if (HasNull(value))
                return $"{name} holds a null character; leave it out.";
        }
        if (!tool.InputSchema.TryGetProperty("required", out JsonElement required))
            return null;
        string? missing = required.EnumerateArray().Select(name => name.GetString()!).FirstOrDefault(name =>
            arguments is null || !arguments.ContainsKey(name));
        return missing is null ? null : $"{missing} is missing; give {Describe(known.GetProperty(missing))}";
    }

    private static bool IsOf(JsonElement schema, JsonElement value) => Types(schema).Any(type => type switch
    {
        "string" => value.ValueKind == JsonValueKind.String,
        "number" => value.ValueKind == JsonValueKind.Number && double.IsFinite(value.GetDouble()),
        "integer" => value.ValueKind == JsonValueKind.Number && value.TryGetInt32(out _),
        "boolean" => value.ValueKind is JsonValueKind.True or JsonValueKind.False,
        "array" => value.ValueKind == JsonValueKind.Array && value.EnumerateArray().All(item => IsOf(schema.GetProperty("items"), item)),
        _ => value.ValueKind == JsonValueKind.Null,
    });

    private static string Quote(JsonElement value) =>
        value.GetRawText() is { Length: > LongestValue } text ? text[..LongestValue] + "..." : value.GetRawText();

    /// <summary>No path of any system has one: the runtime refuses it in words that are not for users.</summary>
    private static bool HasNull(JsonElement value) => value.ValueKind == JsonValueKind.Array
        ? value.EnumerateArray().Any(HasNull)
        : value.ValueKind == JsonValueKind.String && value.GetString()!.Contains('\0');

    /// <summary>Such as <c>an integer or null: How many at most, 1 to 200.</c></summary>
    private static string Describe(JsonElement schema)
    {
        string types = string.Join(" or ", Types(schema).Select(type => type switch
        {
            "array" => $"a list of {Types(schema.GetProperty("items")).First()}s",
            "integer" => "an integer",
            "null" => "null",
            _ => $"a {type}",
        }));
        return schema.TryGetProperty("description", out JsonElement description) ? $"{types}: {description}" : $"{types}.";
    }

    private static IEnumerable<string> Types(JsonElement schema)
    {
        JsonElement type = schema.GetProperty("type");
        return type.ValueKind == JsonValueKind.Array ? type.EnumerateArray().Select(one => one.GetString()!) : [type.GetString()!];
    }
}

/// <summary>
/// The end of what the client of a server with one session sends, such as of standard input. The SDK waits for calls that still run then.
/// </summary>
internal sealed class EndOfInput
{
    private readonly CancellationTokenSource _ended = new();

    /// <param name="transport">The transport of the one session; null where there are many.</param>
    public EndOfInput(ITransport? transport = null) => transport?.MessageReader.Completion.ContinueWith(
        _ => _ended.Cancel(), CancellationToken.None, TaskContinuationOptions.None, TaskScheduler.Default);

    /// <summary>Cancelled at the end.</summary>
    public CancellationToken Token => _ended.Token;
}
