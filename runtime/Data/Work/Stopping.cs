using System.Runtime.InteropServices;

namespace Whence.Data;

/// <summary>Listens whether the process is asked to end, by SIGTERM or SIGINT, which no longer end it by themselves.</summary>
internal sealed class Stopping : IDisposable
{
    // A process that was asked to end does so by itself: what asks again, up to its last moment, does not cut it short.
    private static readonly List<Stopping> asked = [];

    private readonly PosixSignalRegistration[] signals;
    private volatile bool isAsked;

    public Stopping() => signals = [PosixSignalRegistration.Create(PosixSignal.SIGTERM, Ask),
        PosixSignalRegistration.Create(PosixSignal.SIGINT, Ask)];

    public bool IsAsked => isAsked;

    private void Ask(PosixSignalContext signal)
    {
        signal.Cancel = true;
        isAsked = true;
    }

    /// <summary>Leaves signals to do what they do by themselves, unless one has come.</summary>
    public void Dispose()
    {
        if (isAsked)
        {
            lock (asked)
                asked.Add(this);
            return;
        }
        foreach (var signal in signals)
            signal.Dispose();
    }
}
