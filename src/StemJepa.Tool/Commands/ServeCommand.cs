using System.CommandLine;
using System.Net;
using System.Net.Sockets;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;
using StemJepa.Tool.Catalogs;
using StemJepa.Tool.Options;
using StemJepa.Tool.Output;
using StemJepa.Tool.Serving;

namespace StemJepa.Tool.Commands;

/// <summary><c>stemjepa serve</c>: the page and the HTTP API on this machine.</summary>
internal static class ServeCommand
{
    private const int DefaultPort = 5050;
    private const int ShortestToken = 16;
    private const string TokenVariable = "STEMJEPA_TOKEN";

    public static Command Create(Terminal terminal)
    {
        Option<string?> catalog = CommonOptions.OwnCatalog();
        var port = new Option<int?>("--port")
        {
            Description = $"The port; 0 for any that is free, {DefaultPort} if it is left out.",
            HelpName = "N",
        };
        port.Refuse(value => value is < 0 or > IPEndPoint.MaxPort ? $"--port {value} is no port; use 0 to {IPEndPoint.MaxPort}" : null);
        var listen = new Option<string?>("--listen")
        {
            Description = "Answer other machines too, at this address of this one, such as 0.0.0.0; needs a token.",
            HelpName = "ADDRESS",
        };
        var token = new Option<string?>("--token")
        {
            Description = $"The secret that clients must send, at least {ShortestToken} characters; or set {TokenVariable}, "
                + "which lists of processes do not show.",
            HelpName = "TOKEN",
        };
        var hosts = new Option<string[]>("--host")
        {
            Description = "With --listen: a name by which clients may call this machine; several: all of them.",
            HelpName = "NAME",
        };
        var check = new Option<bool>("--check")
        {
            Description = "Start nothing: ask the server at this port of this machine whether it works; "
                + "for the health check of a container.",
        };
        var model = new ModelOptions();
        var command = new Command("serve", "See and hear what fits, in a page of your browser; an HTTP API for programs.")
        {
            catalog, port, listen, token, hosts, check, model,
        };
        command.SetAction((parsed, cancellationToken) =>
        {
            int number = parsed.GetValue(port) ?? DefaultPort;
            if (parsed.GetValue(check))
                return CheckAsync(terminal, number, cancellationToken);
            var choice = new ServeChoice(parsed.GetValue(catalog) ?? ServedLibrary.OfUser, number, parsed.GetValue(listen),
                parsed.GetValue(token) ?? Environment.GetEnvironmentVariable(TokenVariable), parsed.GetValue(hosts) ?? []);
            return RunAsync(terminal, choice, model.Read(parsed, terminal), cancellationToken);
        });
        return command;
    }

    private static async Task<int> RunAsync(Terminal terminal, ServeChoice choice, ModelChoice model, CancellationToken cancellationToken)
    {
        IPAddress address = Check(choice);
        CatalogChoice.Require("--in", choice.Catalog);
        WebApplicationBuilder builder = WebApplication.CreateEmptyBuilder(new WebApplicationOptions());
        builder.WebHost.UseKestrelCore().ConfigureKestrel(kestrel =>
        {
            kestrel.AddServerHeader = false;
            kestrel.Listen(address, choice.Port);
        });
        builder.Logging.AddProvider(new TerminalLogging(terminal)).AddFilter("Microsoft.Extensions.Hosting", LogLevel.None);
        builder.Services.AddRoutingCore();
        ServedLibrary.AddTo(builder.Services, choice.Catalog, model, index: choice.Listen is null, cancellationToken);
        builder.Services.AddStemJepaServer(options =>
        {
            options.Token = choice.Token;
            foreach (string host in choice.Hosts.Append(choice.Listen).OfType<string>())
                options.AllowedHosts.Add(host);
        });
        await using WebApplication app = builder.Build();
        ServedLibrary.Prepare(app.Services, choice.Catalog, cancellationToken);
        app.MapStemJepa();
        try
        {
            await app.StartAsync(cancellationToken);
        }
        catch (SocketException error)
        {
            string option = choice.Listen is null ? $"--port {choice.Port}" : $"--listen '{choice.Listen}' with --port {choice.Port}";
            throw new UsageException(
                $"{option} cannot be used ({error.Message.TrimEnd('.')}); use an address of this machine, and a port that is allowed.");
        }
        catch (IOException error)
        {
            throw new UsageException($"--port {choice.Port} cannot be used ({error.Message.TrimEnd('.')}); use another one, or 0 for any.");
        }
        terminal.WriteLine($"Listening on {app.Urls.Single()}");
        try
        {
            await Task.Delay(Timeout.Infinite, cancellationToken);
        }
        catch (OperationCanceledException)
        {
        }
        await app.StopAsync(CancellationToken.None);
        return ExitCode.Success;
    }

    private static async Task<int> CheckAsync(Terminal terminal, int port, CancellationToken cancellationToken)
    {
        using var client = new HttpClient { Timeout = TimeSpan.FromSeconds(10) };
        var address = new Uri($"http://127.0.0.1:{port}/health");
        try
        {
            terminal.WriteLine(await client.GetStringAsync(address, cancellationToken));
            return ExitCode.Success;
        }
        catch (Exception error) when (error is HttpRequestException or TaskCanceledException && !cancellationToken.IsCancellationRequested)
        {
            throw new StemJepaException($"{address} does not answer ({error.Message.TrimEnd('.')}); start it with 'stemjepa serve'.",
                error);
        }
    }

    /// <exception cref="UsageException">Other machines would be answered without a token, or the address is none.</exception>
    private static IPAddress Check(ServeChoice choice)
    {
        if (choice.Token is { } token && token.Trim().Length < ShortestToken)
            throw new UsageException($"The token has {token.Trim().Length} characters and could be guessed; use {ShortestToken} or more.");
        if (choice.Listen is null)
        {
            return choice.Hosts.Count == 0
                ? IPAddress.Loopback
                : throw new UsageException("--host is for --listen; leave it out, or give the address to listen at.");
        }
        if (choice.Token is null)
            throw new UsageException($"--listen answers other machines, and so needs a secret; give one with --token or {TokenVariable}.");
        return IPAddress.TryParse(choice.Listen, out IPAddress? address)
            ? address
            : throw new UsageException($"--listen '{choice.Listen}' is not an address; use one of this machine, such as 0.0.0.0.");
    }

    private sealed record ServeChoice(string Catalog, int Port, string? Listen, string? Token, IReadOnlyList<string> Hosts);
}
