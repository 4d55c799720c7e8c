using System.CommandLine;
using StackExchange.Redis;
using StemJepa.Training.Evaluation;

namespace StemJepa.Benchmarks.VectorSets;

/// <summary>The command <c>vector-sets</c>: how much a running server's vector sets find of what there is.</summary>
internal static class VectorSetsCommand
{
    private const int Top = 10, Queries = 50, Clusters = 200, FirstCentre = 1_000_000_000;
    private const float Spread = 0.5f;
    private static readonly int[] Efforts = [64, 128, 256, 512, 1024];

    public static Command Create()
    {
        Option<string> file = MeasurementOptions.Json("vector-sets.json");
        Option<string[]> documents = DocumentTable.Option();
        var server = new Option<string>("--server") { Description = "Its host and port; what is written there is removed again.", DefaultValueFactory = _ => "localhost:6379" };
        var entries = new Option<int>("--entries") { Description = "Recordings in the set.", DefaultValueFactory = _ => 10_000 };
        var links = new Option<int[]>("--links") { Description = "Links of the sets; may be given again.", DefaultValueFactory = _ => [16, 32, 64] };
        var command = new Command("vector-sets", "Recall of a server's vector sets.") { file, documents, server, entries, links };
        command.SetAction(async (parsed, cancel) =>
        {
            var rows = new List<VectorSetRow>();
            foreach (bool isClustered in new[] { true, false })
            {
                foreach (int count in parsed.GetRequiredValue(links))
                    rows.AddRange(await MeasureAsync(parsed.GetRequiredValue(server), parsed.GetValue(entries), isClustered, count, cancel));
            }
            string table = VectorSetTable.Of(rows);
            Console.WriteLine(table);
            ResultsJson.Write(parsed.GetRequiredValue(file), rows);
            DocumentTable.Write(parsed.GetRequiredValue(documents), ("vector-sets.json", table));
            return 0;
        });
        return command;
    }

    private static async Task<IReadOnlyList<VectorSetRow>> MeasureAsync(string server, int entries, bool isClustered, int links, CancellationToken cancel)
    {
        ModelInfo model = new EmbeddedModel().ReadInfo();
        StemEmbedding[] embeddings = [.. Enumerable.Range(0, entries).Select(seed => Embedding(model, isClustered, seed))];
        string address = $"redis://{server}/bench-{Guid.NewGuid():N}";
        await using VectorSetCatalog catalog = await VectorSetCatalog.OpenOrCreateAsync(address, model, new VectorSetOptions { Shards = 1, Links = links }, cancel);
        try
        {
            await catalog.SetAsync(embeddings.Select((embedding, i) => (new CatalogEntry { Id = $"{i}", Stem = Stem.Bass }, embedding)), cancel);
            Provenance here = await Provenance.HereAsync();
            string program = await NameAsync(server);
            var rows = new List<VectorSetRow>();
            foreach (int? effort in Efforts.Select(effort => (int?)effort).Append(null))
            {
                double recall = await RecallAsync(catalog, model, embeddings, isClustered, effort, cancel);
                rows.Add(new VectorSetRow(program, isClustered ? "clusters" : "noise", entries, links, effort, recall, here.Date, here.Machine, here.Commit));
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
            HashSet<string> best = [.. embeddings.Index().OrderByDescending(pair => sought.Similarity(pair.Item)).Take(Top).Select(pair => $"{pair.Index}")];
            VectorSetAnswer answer = await catalog.SearchAsync(sought, Top, new CatalogFilter { Stem = Stem.Bass }, search, cancel);
            hits += answer.Matches.Count(match => best.Contains(match.Entry.Id));
        }
        return Math.Round((double)hits / (Top * queries), 4);
    }

    /// <summary>Noise alone, or about a centre that some of the others share.</summary>
    private static StemEmbedding Embedding(ModelInfo model, bool isClustered, int seed)
    {
        float[] noise = Noise.Samples(model.EmbeddingLength, seed);
        return new StemEmbedding(isClustered
            ? [.. Noise.Samples(model.EmbeddingLength, FirstCentre + seed % Clusters).Zip(noise, (centre, value) => centre + Spread * value)]
            : noise);
    }

    private static async Task<string> NameAsync(string server)
    {
        await using ConnectionMultiplexer connection = await ConnectionMultiplexer.ConnectAsync($"{server},protocol=resp2,allowAdmin=true");
        Dictionary<string, string> told = (await connection.GetServer(connection.GetEndPoints()[0]).InfoAsync("server")).SelectMany(group => group)
            .GroupBy(pair => pair.Key).ToDictionary(group => group.Key, group => group.First().Value);
        return told.TryGetValue("garnet_version", out string? garnet) ? $"Garnet {garnet}" : $"Redis {told.GetValueOrDefault("redis_version", "of unknown version")}";
    }
}
