using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Options;
using StemJepa.Server.Http.Forms;
using StemJepa.Server.Work;

namespace StemJepa.Server.Http.Endpoints;

/// <summary>What the model says of recordings that are sent: embed, predict, analyze, align, rank.</summary>
internal static class ModelEndpoints
{
    private static readonly FormField Candidates =
        new("candidates", FieldKind.Sound, "The recordings to rank, at least two.") { IsRequired = true, IsMany = true };

    private static readonly FormField InTime =
        new("in_time", FieldKind.Flag, "Compare in time (frame-wise), onsets and pitch classes too: for loops and takes that start together "
            + "with the mix.");

    private static readonly FormField Top = new("top", FieldKind.Integer, "Show only the best ones.") { Minimum = 1, Maximum = 1000 };

    public static void Map(IEndpointRouteBuilder routes)
    {
        routes.MapOperation("/api/embed", "embed", "Embeds a recording.", new FormSchema(FormField.Recording), EmbedAsync,
            Example.Form("file", ("recording", "bass.wav")));
        routes.MapOperation("/api/predict", "predict", "Predicts the embedding of the stem that a mix lacks.",
            new FormSchema(FormField.Mix, FormField.MissingStem), PredictAsync,
            Example.Form("file", ("mix", "mix.wav"), ("stem", "bass")),
            Example.Json("upload", ("mix", Example.UploadId), ("stem", "bass")));
        routes.MapOperation("/api/analyze", "analyze", "Estimates key, tempo, beats and instrument of a recording.",
            new FormSchema(FormField.Recording), AnalyzeAsync,
            Example.Form("file", ("recording", "mix.wav")),
            Example.Json("upload", ("recording", Example.UploadId)));
        routes.MapOperation("/api/align", "align", "Finds the time at which a recording fits a mix.",
            new FormSchema(FormField.Mix, FormField.Candidate, FormField.MissingStem), AlignAsync,
            Example.Form("files", ("mix", "mix.wav"), ("candidate", "bass.wav"), ("stem", "bass")));
        routes.MapOperation("/api/rank", "rank", "Ranks recordings by how well they fit a mix.",
            new FormSchema(FormField.Mix, Candidates, FormField.MissingStem, InTime, FormField.Fit, Top), RankAsync,
            Example.Form("files", ("mix", "mix.wav"), ("candidates", new[] { "bass.wav", "drums.wav" }), ("stem", "bass")),
            Example.Form("in_time", ("mix", "mix.wav"), ("candidates", new[] { "bass.wav", "drums.wav" }), ("stem", "bass"),
                ("in_time", true), ("top", 1)),
            Example.Form("fit", ("mix", "mix.wav"), ("candidates", new[] { "bass.wav", "drums.wav" }), ("stem", "bass"), ("fit", 1)));
    }

    private static async Task<EmbeddingDocument> EmbedAsync(HttpContext context, RequestForm form)
    {
        (StemWorker worker, Sound recording) = await OneAsync(context, form, FormField.Recording).ConfigureAwait(false);
        StemEmbedding embedding = await worker.EmbedAsync(recording, context.RequestAborted).ConfigureAwait(false);
        return EmbeddingDocument.From(worker.Model, embedding);
    }

    private static async Task<EmbeddingDocument> PredictAsync(HttpContext context, RequestForm form)
    {
        Stem stem = form.Stem(FormField.MissingStem);
        (StemWorker worker, Sound mix) = await OneAsync(context, form, FormField.Mix).ConfigureAwait(false);
        StemEmbedding prediction = await worker.PredictAsync(mix, stem, context.RequestAborted).ConfigureAwait(false);
        return EmbeddingDocument.From(worker.Model, prediction, stem);
    }

    private static async Task<AnalysisDocument> AnalyzeAsync(HttpContext context, RequestForm form)
    {
        (StemWorker worker, Sound recording) = await OneAsync(context, form, FormField.Recording).ConfigureAwait(false);
        StemAnalysis analysis = await worker.AnalyzeAsync(recording, context.RequestAborted).ConfigureAwait(false);
        return AnalysisDocument.From(recording.Name, analysis);
    }

    private static async Task<AlignmentDocument> AlignAsync(HttpContext context, RequestForm form)
    {
        Stem stem = form.Stem(FormField.MissingStem);
        (StemWorker worker, Sound mix) = await OneAsync(context, form, FormField.Mix).ConfigureAwait(false);
        (_, Sound candidate) = await OneAsync(context, form, FormField.Candidate).ConfigureAwait(false);
        StemAlignment alignment = await worker.AlignAsync(mix, candidate, stem, context.RequestAborted).ConfigureAwait(false);
        return new AlignmentDocument(alignment.BestShift.TotalSeconds, alignment.Affinity, alignment.Sharpness);
    }

    private static async Task<RankDocument> RankAsync(HttpContext context, RequestForm form)
    {
        Stem stem = form.Stem(FormField.MissingStem);
        bool inTime = form.Flag(InTime);
        int? top = form.Integer(Top), fit = form.Integer(FormField.Fit);
        int most = context.RequestServices.GetRequiredService<IOptions<StemJepaServerOptions>>().Value.MaximumCandidates;
        (StemWorker worker, Sound mix) = await OneAsync(context, form, FormField.Mix).ConfigureAwait(false);
        IReadOnlyList<Sound> candidates = await context.RequestServices.GetRequiredService<SoundResolver>()
            .ManyAsync(form, Candidates, context.RequestAborted).ConfigureAwait(false);
        if (candidates.Count < 2)
            throw RequestException.Bad("The field 'candidates' names one recording; a ranking needs at least two.");
        if (candidates.Count > most)
            throw new RequestException(413, $"The field 'candidates' names {candidates.Count} recordings; send at most {most}.");
        Ranking ranking = await worker.RankAsync(mix, candidates, stem, inTime, null, context.RequestAborted).ConfigureAwait(false);
        FitRanking<RankedSound> fitted = await worker.FitBestAsync(
            mix, ranking.Results, result => result.Candidate, stem, fit ?? 0, null, context.RequestAborted).ConfigureAwait(false);
        return RankDocument.From(stem, mix.Name, fitted, top ?? int.MaxValue, ranking.Skipped);
    }

    private static async Task<(StemWorker Worker, Sound Sound)> OneAsync(HttpContext context, RequestForm form, FormField field)
    {
        Sound sound = await context.RequestServices.GetRequiredService<SoundResolver>().OneAsync(form, field, context.RequestAborted)
            .ConfigureAwait(false);
        return (context.RequestServices.GetRequiredService<StemWorker>(), sound);
    }
}
