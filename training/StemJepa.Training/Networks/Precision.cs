namespace StemJepa.Training.Networks;

/// <summary>Shared by the layers of a network: whether matrix products run in bfloat16. Switched between steps, not during one.</summary>
internal sealed class Precision
{
    public bool UseBfloat16 { get; set; }
}
