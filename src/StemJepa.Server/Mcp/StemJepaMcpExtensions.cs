using System.Text.Json;
using System.Text.Json.Serialization;
using ModelContextProtocol;
using StemJepa.Server.Mcp;

namespace Microsoft.Extensions.DependencyInjection;

/// <summary>Adds StemJepa to a server of the Model Context Protocol.</summary>
public static class StemJepaMcpExtensions
{
    /// <summary>
    /// Adds tools to search, rank, analyze, fit, preview and index recordings on this machine. They read and write files as the user of the
    /// process, so the transport must be the user's own, such as standard input and output. Needs <c>AddStemJepaServer</c>.
    /// </summary>
    /// <param name="builder">From <c>AddMcpServer</c>.</param>
    public static IMcpServerBuilder WithStemJepaTools(this IMcpServerBuilder builder)
    {
        ArgumentNullException.ThrowIfNull(builder);
        builder.Services.AddSingleton<EndOfInput>();
        // What is not known is null, as the schemas of the results say.
        var options = new JsonSerializerOptions(McpJsonUtilities.DefaultOptions) { DefaultIgnoreCondition = JsonIgnoreCondition.Never };
        return builder.WithTools<StemTools>(options)
            .WithRequestFilters(filters => filters.AddCallToolFilter(ToolCalls.Guard));
    }
}
