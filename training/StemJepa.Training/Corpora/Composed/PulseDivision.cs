namespace StemJepa.Training.Corpora;

/// <summary>How the time between two pulses is divided.</summary>
public enum PulseDivision
{
    /// <summary>In halves and quarters.</summary>
    Even,

    /// <summary>In thirds: swing, and compound time signatures.</summary>
    Thirds,
}
