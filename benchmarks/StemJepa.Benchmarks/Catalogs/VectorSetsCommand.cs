using System.CommandLine;
using System.Text.Json.Serialization;
using StackExchange.Redis;
using StemJepa.Benchmarks.Measuring;
using StemJepa.Reporting;
using StemJepa.Training.Evaluation;
using static System.FormattableString;

namespace StemJepa.Benchmarks.Catalogs;

/// <summary>The command <c>vector-sets</c>: recall of a running server's vector sets.</summary>
internal static class VectorSetsCommand
{
    private const int Top = 10, Queries = 50, Clusters = 200, FirstCentre = 1_000_000_000;
    private const float Spread = 0.5f;
    private static readonly int[] Efforts = [64, 128, 256, 512, 1024];

    /// <summary>Creates the command.</summary>
    public static Command Create()
    {
        var server = new Option<string>("--server")
        {
            Description = "Host and port of the server; the test data is deleted afterwards.",
            DefaultValueFactory = _ => "localhost:6379",
        };
        var entries = new Option<int>("--entries") { Description = "Recordings in the set.", DefaultValueFactory = _ => 10_000 };
        var links = new Option<int[]>("--links")
        {
            Description = "Links of the sets; may be given again.",
            DefaultValueFactory = _ => [16, 32, 64],
        };
        return new Measurement<IReadOnlyList<VectorSetRow>>("vector-sets", "Recall of a server's vector sets.")
        {
            Options = [server, entries, links],
            MeasureAsync = async (parsed, cancel) =>
            {
                var rows = new List<VectorSetRow>();
                foreach (bool isClustered in new[] { true, false })
                {
                    foreach (int count in parsed.GetRequiredValue(links))
                        rows.AddRange(
                            await MeasureAsync(parsed.GetRequiredValue(server), parsed.GetValue(entries), isClustered, count, cancel));
                }
                return rows;
            },
            Table = ToMarkdown,
        }.ToCommand();
    }

    /// <summary>Formats a line per set, with a column per kind of search.</summary>
    private static string ToMarkdown(IReadOnlyList<VectorSetRow> rows)
    {
        string[] efforts = [.. rows.Select(Name).Distinct()];
        var sets = rows.GroupBy(row => (row.Data, row.Recordings, row.Links));
        return DocumentTable.Of(["embeddings", "recordings", "links", .. efforts], sets.Select(set => (string[])
            [
                set.Key.Data, Invariant($"{set.Key.Recordings}"), Invariant($"{set.Key.Links}"),
                .. efforts.Select(effort => Invariant($"{set.First(row => Name(row) == effort).RecallAt10:0.000}")),
            ])) + DocumentTable.Provenance(rows[^1].Date, $"{rows[^1].Server}, {rows[^1].Machine}", rows[^1].Commit);
    }

    private static string Name(VectorSetRow row) => row.Effort is { } effort ? Invariant($"effort {effort}") : "exact";

    private static async Task<IReadOnlyList<VectorSetRow>> MeasureAsync(
        string server, int entries, bool isClustered, int links, CancellationToken cancel)
    {
        ModelInfo model = new EmbeddedModel().ReadInfo();
        StemEmbedding[] embeddings = [.. Enumerable.Range(0, entries).Select(seed => Embedding(model, isClustered, seed))];
        string address = $"redis://{server}/bench-{Guid.NewGuid():N}";
        await using VectorSetCatalog catalog =
            await VectorSetCatalog.OpenOrCreateAsync(address, model, new VectorSetOptions { Shards = 1, Links = links }, cancel);
        try
        {
            await catalog.SetAsync(
                embeddings.Select((embedding, i) => (new CatalogEntry { Id = $"{i}", Stem = Stem.Bass }, embedding)), cancel);
            Provenance here = await Provenance.HereAsync();
            string program = await NameAsync(server);
            var rows = new List<VectorSetRow>();
            foreach (int? effort in Efforts.Select(effort => (int?)effort).Append(null))
            {
                double recall = await RecallAsync(catalog, model, embeddings, isClustered, effort, cancel);
                rows.Add(new VectorSetRow(
                    program, isClustered ? "clusters" : "noise", entries, links, effort, recall, here.Date, here.Machine, here.Commit));
            }
            return rows;
        }
        finally
        {
            await catalog.DeleteAsync(CancellationToken.None);
        }
    }

    private static async Task<double> RecallAsync(
        VectorSetCatalog catalog, ModelInfo model, StemEmbedding[] embeddings, bool isClustered, int? effort, CancellationToken cancel)
    {
        var search = effort is { } given ? new VectorSetSearch { Effort = given } : new VectorSetSearch { IsExact = true };
        int queries = effort is null ? Queries / 10 : Queries, hits = 0;
        for (int query = 0; query < queries; query++)
        {
            StemEmbedding sought = Embedding(model, isClustered, embeddings.Length + query);
            HashSet<string> best =
                [.. embeddings.Index().OrderByDescending(pair => sought.Similarity(pair.Item)).Take(Top).Select(pair => $"{pair.Index}")];
            VectorSetAnswer answer = await catalog.SearchAsync(sought, Top, new CatalogFilter { Stem = Stem.Bass }, search, cancel);
            hits += answer.Matches.Count(match => best.Contains(match.Entry.Id));
        }
        return Math.Round((double)hits / (Top * queries), 4);
    }

    /// <summary>Creates noise, alone or near a centre that some of the others share.</summary>
    private static StemEmbedding Embedding(ModelInfo model, bool isClustered, int seed)
    {
        float[] noise = Noise.Samples(model.EmbeddingLength, seed);
        return new StemEmbedding(isClustered
            ? [.. Noise.Samples(model.EmbeddingLength, FirstCentre + seed % Clusters)
                .Zip(noise, (centre, value) => centre + Spread * value)]
            : noise);
    }

    private static async Task<string> NameAsync(string server)
    {
        await using ConnectionMultiplexer connection = await ConnectionMultiplexer.ConnectAsync($"{server},protocol=resp2,allowAdmin=true");
        Dictionary<string, string> info = (await connection.GetServer(connection.GetEndPoints()[0]).InfoAsync("server"))
            .SelectMany(group => group)
            .GroupBy(pair => pair.Key).ToDictionary(group => group.Key, group => group.First().Value);
        return info.TryGetValue("garnet_version", out string? garnet)
            ? $"Garnet {garnet}" : $"Redis {info.GetValueOrDefault("redis_version", "of unknown version")}";
    }
}

/// <summary>One kind of search through one vector set.</summary>
/// <param name="Server">Name and version of the server.</param>
/// <param name="Data">Synthetic embeddings, as long as the shipped model's: <c>clusters</c>, or <c>noise</c>, in which all are far from
/// each other.</param>
/// <param name="Recordings">Recordings in the set.</param>
/// <param name="Links"><see cref="VectorSetOptions.Links"/>.</param>
/// <param name="Effort"><see cref="VectorSetSearch.Effort"/>; null: the exact search.</param>
/// <param name="RecallAt10">The share of the true best ten that were among the ten found.</param>
internal sealed record VectorSetRow(
    string Server,
    string Data,
    int Recordings,
    int Links,
    int? Effort,
    [property: JsonPropertyName("recall@10")] double RecallAt10,
    string Date,
    string Machine,
    string Commit);
