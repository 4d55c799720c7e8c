using System.CommandLine;
using Microsoft.AspNetCore.Builder;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using StemJepa.Tool.Catalogs;
using StemJepa.Tool.Options;
using StemJepa.Tool.Output;
using StemJepa.Tool.Serving;

namespace StemJepa.Tool.Commands;

/// <summary><c>stemjepa mcp</c>: a server of the Model Context Protocol on standard input and output.</summary>
internal static class McpCommand
{
    public static Command Create(Terminal terminal)
    {
        Option<string?> catalog = CommonOptions.OwnCatalog();
        var model = new ModelOptions();
        var command = new Command("mcp", "Lets an assistant search, rank, analyze and preview: an MCP server on standard input and output.")
        {
            catalog, model,
        };
        command.SetAction((parsed, cancellationToken) =>
            RunAsync(terminal, parsed.GetValue(catalog) ?? ServedLibrary.OfUser, model.Read(parsed, terminal), cancellationToken));
        return command;
    }

    private static async Task<int> RunAsync(Terminal terminal, string catalog, ModelChoice model, CancellationToken cancellationToken)
    {
        CatalogChoice.Require("--in", catalog);
        HostApplicationBuilder builder = Host.CreateEmptyApplicationBuilder(new HostApplicationBuilderSettings());
        builder.Logging.AddProvider(new TerminalLogging(terminal));
        ServedLibrary.AddTo(builder.Services, catalog, model, index: true, cancellationToken);
        builder.Services.AddStemJepaServer();
        builder.Services.AddMcpServer(options => options.ServerInfo = new() { Name = "stemjepa", Version = ServedLibrary.Version })
            .WithStdioServerTransport().WithStemJepaTools();
        using IHost host = builder.Build();
        ServedLibrary.Prepare(host.Services, catalog, cancellationToken);
        await host.RunAsync(cancellationToken);
        return ExitCode.Success;
    }
}
