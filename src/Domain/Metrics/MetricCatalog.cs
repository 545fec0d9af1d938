using System.Collections.Immutable;

namespace Headroom.Domain.Metrics;

/// <summary>The one source of definitions for pages, reports, API and documents.</summary>
public static class MetricCatalog
{
    public static readonly MetricDefinition CInstalled = new(new("C_installed", 1), MetricUnit.PetaflopHours, "Σ rating × installed");
    public static readonly MetricDefinition CAvailable = new(new("C_available", 1), MetricUnit.PetaflopHours, "C_installed − Down − Maintenance");
    public static readonly MetricDefinition U1s = new(new("U1s", 1), MetricUnit.Share, "Allocated ÷ C_available");
    public static readonly MetricDefinition U1c = new(new("U1c", 1), MetricUnit.Share, "Reserved or contracted ÷ C_available");
    public static readonly MetricDefinition U2 = new(new("U2", 1), MetricUnit.Share, "Σ u × rating × t ÷ C_installed");
    public static readonly MetricDefinition U3 = new(new("U3", 1), MetricUnit.Share, "Σ u × rating × t ÷ C_available");
    public static readonly MetricDefinition U4 = new(new("U4", 1), MetricUnit.Share, "Σ u × rating × t (allocated) ÷ Allocated");
    public static readonly MetricDefinition U6 = new(new("U6", 1), MetricUnit.Share, "Allocated (ended well) ÷ Allocated (ended)");
    public static readonly MetricDefinition State = new(new("State", 1), MetricUnit.PetaflopHours, "Σ rating × t (state)");
    public static readonly MetricDefinition DServed = new(new("D_served", 1), MetricUnit.Devices, "Allocated ÷ t");
    public static readonly MetricDefinition CardEnergy = new(new("E_card", 1), MetricUnit.KilowattHours, "∫ P_card dt");
    public static readonly MetricDefinition Allocated = new(new("Allocated", 1), MetricUnit.PetaflopHours, "Σ rating × t (allocated)");
    public static readonly MetricDefinition Used = new(new("Used", 1), MetricUnit.PetaflopHours, "Σ u × rating × t (allocated)");
    public static readonly MetricDefinition IdleShare = new(new("IdleShare", 1), MetricUnit.Share, "1 − U4");
    public static readonly MetricDefinition Nameplate = new(new("Nameplate", 1), MetricUnit.Petaflops, "P (published)");
    public static readonly MetricDefinition NInstalled = new(new("N_installed", 1), MetricUnit.Devices, "Σ installed ÷ t");
    public static readonly MetricDefinition NDeclared = new(new("N_declared", 1), MetricUnit.Devices, "n (center file)");
    public static readonly MetricDefinition SilentZero = new(new("SilentZero", 1), MetricUnit.DeviceHours, "Σ t (u = 0, P_card ≥ 0.6 P_rated, ≥ 30 min)");
    public static readonly MetricDefinition Received = new(new("Received", 1), MetricUnit.Count, "Accepted + Rejected");
    public static readonly MetricDefinition Accepted = new(new("Accepted", 1), MetricUnit.Count, "Received − Rejected");
    public static readonly MetricDefinition Rejected = new(new("Rejected", 1), MetricUnit.Count, "Σ n (reason)");
    public static readonly MetricDefinition Duplicates = new(new("Duplicates", 1), MetricUnit.Count, "n (same key, same value)");
    public static readonly MetricDefinition Conflicts = new(new("Conflicts", 1), MetricUnit.Count, "n (same key, other value)");
    public static readonly MetricDefinition JobsStarted = new(new("JobsStarted", 1), MetricUnit.Count, "n (start in t)");
    public static readonly MetricDefinition JobsEnded = new(new("JobsEnded", 1), MetricUnit.Count, "n (end in t)");
    public static readonly MetricDefinition JobsPending = new(new("JobsPending", 1), MetricUnit.Count, "n (submitted, not started, at the end of t)");
    public static readonly MetricDefinition BandHits = new(new("BandHits", 1), MetricUnit.Share, "n (inside) ÷ n (tested)");

    public static readonly MetricDefinition U3Usual = new(new("U3_usual", 1), MetricUnit.Share, "median, P10, P90 (U3, 28 d)");

    public static readonly MetricDefinition CUsable = new(new("C_usable", 1), MetricUnit.Petaflops, "C_available − reserve");
    public static readonly MetricDefinition CEffective = new(new("C_effective", 1), MetricUnit.Petaflops, "C_usable × Packing");
    public static readonly MetricDefinition DLatent = new(new("D_latent", 1), MetricUnit.Petaflops, "Σ size × 1[start ≤ t < start + runtime]");
    public static readonly MetricDefinition DQueued = new(new("D_queued", 1), MetricUnit.Petaflops, "Σ size (eligible, pending)");
    public static readonly MetricDefinition DReserved = new(new("D_reserved", 1), MetricUnit.Petaflops, "Σ max(contracts, jobs) − jobs");
    public static readonly MetricDefinition DRejected = new(new("D_rejected", 1), MetricUnit.Petaflops, "Σ size (refused for lack of capacity)");
    public static readonly MetricDefinition Oversubscription = new(new("Oversubscription", 1), MetricUnit.Times, "D_latent ÷ C_usable");
    public static readonly MetricDefinition Headroom = new(new("Headroom", 1), MetricUnit.Petaflops, "C_usable − D_latent");
    public static readonly MetricDefinition HeadroomAtTarget = new(new("HeadroomAtTarget", 1), MetricUnit.Petaflops, "θ × C_usable − D_latent");
    public static readonly MetricDefinition TSaturation = new(new("T_saturation", 1), MetricUnit.Days, "min d: D > θ × C on d .. d + 6");
    public static readonly MetricDefinition PSaturation = new(new("P_saturation", 1), MetricUnit.Share, "P(T ≤ t)");
    public static readonly MetricDefinition Theta = new(new("Theta", 1), MetricUnit.Share, "θ");

    public static readonly MetricDefinition Backlog = new(new("Backlog", 1), MetricUnit.PetaflopDays, "Σ size × remaining runtime (eligible, pending)");
    public static readonly MetricDefinition Required = new(new("P_required", 1), MetricUnit.Petaflops, "D_latent + Backlog ÷ t");
    public static readonly MetricDefinition GrownDemand = new(new("D_grown", 1), MetricUnit.Petaflops, "K of D(t) = K ÷ (1 + e^(−r (t − m)))");
    public static readonly MetricDefinition QueueWaited = new(new("Q_waited", 1), MetricUnit.PetaflopDays, "Σ size × wait");
    public static readonly MetricDefinition DaysOver = new(new("D_over", 1), MetricUnit.Count, "n (days, D_latent > C_usable)");
    public static readonly MetricDefinition Retried = new(new("N_retried", 1), MetricUnit.Count, "n (jobs submitted again)");
    public static readonly MetricDefinition DShare = new(new("D_share", 1), MetricUnit.Share, "D_latent (tenants) ÷ D_latent");
    public static readonly MetricDefinition Unserved = new(new("D_unserved", 1), MetricUnit.Petaflops, "Σ size (eligible, pending, t < eligible + runtime)");
    public static readonly MetricDefinition QueueHours = new(new("T_queued", 1), MetricUnit.Count, "n (hours, size (pending) > 0)");
    public static readonly MetricDefinition Packing = new(new("Packing", 1), MetricUnit.Share, "P75 (Allocated ÷ C_usable, pending > 0)");
    public static readonly MetricDefinition RequestCount = new(new("RequestCount", 1), MetricUnit.Count, "n (requests)");
    public static readonly MetricDefinition PRequest = new(new("P_request", 1), MetricUnit.Share, "P(request comes)");

    public static readonly MetricDefinition Availability = new(new("Availability", 1), MetricUnit.Share, "C_available ÷ C_installed");
    public static readonly MetricDefinition UPeak = new(new("U_peak", 1), MetricUnit.Share, "p95 of U3 (5 min)");
    public static readonly MetricDefinition LoadFactor = new(new("LoadFactor", 1), MetricUnit.Share, "U3 ÷ U_peak");
    public static readonly MetricDefinition HSaturation = new(new("H_saturation", 1), MetricUnit.Hours, "n (hours: U1s ≥ 0.95, queue > 0)");
    public static readonly MetricDefinition IdleReclaimable = new(new("IdleReclaimable", 1), MetricUnit.PetaflopHours, "Σ rating × t (allocated, u < 0.05, ≥ 15 min)");
    public static readonly MetricDefinition IdleWorking = new(new("IdleWorking", 1), MetricUnit.PetaflopHours, "AllocIdle − IdleReclaimable");
    public static readonly MetricDefinition ContractOnly = new(new("ContractOnly", 1), MetricUnit.PetaflopHours, "Σ rating × t (reserved or contracted, no job)");
    public static readonly MetricDefinition Stranded = new(new("Stranded", 1), MetricUnit.DeviceHours, "Σ t (free, no waiting gang fits)");
    public static readonly MetricDefinition LargestGang = new(new("LargestGang", 1), MetricUnit.Devices, "max(Σ whole servers, free on one)");
    public static readonly MetricDefinition Interruptions = new(new("Interruptions", 1), MetricUnit.PerThousandDeviceDays, "1000 × n (cut short) ÷ device-days held");
    public static readonly MetricDefinition Displaced = new(new("Displaced", 1), MetricUnit.DeviceHours, "Σ t (job of another precision)");
    public static readonly MetricDefinition BadlyEnded = new(new("BadlyEnded", 1), MetricUnit.DeviceHours, "Σ t (jobs that did not complete)");
    public static readonly MetricDefinition QueueRequests = new(new("QueueRequests", 1), MetricUnit.Count, "n (eligible, pending)");
    public static readonly MetricDefinition QueueDevices = new(new("QueueDevices", 1), MetricUnit.Devices, "Σ devices (eligible, pending)");
    public static readonly MetricDefinition QueueAge = new(new("QueueAge", 1), MetricUnit.Hours, "max (now − eligible)");
    public static readonly MetricDefinition WaitP50 = new(new("Wait_p50", 1), MetricUnit.Hours, "p50 (start − eligible)");
    public static readonly MetricDefinition WaitP95 = new(new("Wait_p95", 1), MetricUnit.Hours, "p95 (start − eligible)");
    public static readonly MetricDefinition Cards = new(new("Cards", 1), MetricUnit.Count, "n (cards)");
    public static readonly MetricDefinition CardTime = new(new("CardTime", 1), MetricUnit.Hours, "t (card)");
    public static readonly MetricDefinition CardUse = new(new("CardUse", 1), MetricUnit.Share, "Σ u × t ÷ t (known)");
    public static readonly MetricDefinition CardPeak = new(new("CardPeak", 1), MetricUnit.DegreesCelsius, "max (temperature)");
    public static readonly MetricDefinition FacilityEnergy = new(new("E_facility", 1), MetricUnit.KilowattHours, "Σ meters (facility)");
    public static readonly MetricDefinition ItEnergy = new(new("E_it", 1), MetricUnit.KilowattHours, "Σ meters (IT)");
    public static readonly MetricDefinition Pue = new(new("PUE", 1), MetricUnit.Times, "E_facility ÷ E_it");
    public static readonly MetricDefinition EnergyPerWork = new(new("E_per_Ph", 1), MetricUnit.KilowattHoursPerPetaflopHour, "E_card ÷ Σ u × rating × t");
    public static readonly MetricDefinition CarbonPerWork = new(new("CO2_per_Ph", 1), MetricUnit.KilogramsPerPetaflopHour, "E_per_Ph × grid factor");
    public static readonly MetricDefinition Carbon = new(new("CO2", 1), MetricUnit.Kilograms, "E × grid factor");
    public static readonly MetricDefinition Changes = new(new("Changes", 1), MetricUnit.Count, "n (records)");
    public static readonly MetricDefinition IdleCounted = new(new("IdleCounted", 1), MetricUnit.DeviceHours, "max(0, allocated − busy) … min(allocated, C_available − busy)");
    public static readonly MetricDefinition Quota = new(new("Quota", 1), MetricUnit.Devices, "Σ installed ÷ t (tenant)");
    public static readonly MetricDefinition Unmeasured = new(new("Unmeasured", 1), MetricUnit.PetaflopHours, "Σ rating × t (use unknown)");
    public static readonly MetricDefinition ActShare = new(new("ActShare", 1), MetricUnit.Share, "size ÷ C_installed");
    public static readonly MetricDefinition Interrupted = new(new("Interrupted", 1), MetricUnit.Count, "n (cut short)");
    public static readonly MetricDefinition HQuota = new(new("H_quota", 1), MetricUnit.Hours, "n (hours: allocated ≥ 0.95 × quota, queue > 0)");

    public static ImmutableArray<MetricDefinition> All { get; } =
    [
        CInstalled, CAvailable, U1s, U1c, U2, U3, U4, U6, State, DServed, CardEnergy,
        Allocated, Used, IdleShare, Nameplate, NInstalled, NDeclared, SilentZero, Received, Accepted, Rejected, Duplicates, Conflicts,
        JobsStarted, JobsEnded, JobsPending, BandHits, U3Usual,
        CUsable, CEffective, DLatent, DQueued, DReserved, DRejected, Oversubscription, Headroom, HeadroomAtTarget, TSaturation, PSaturation, Theta,
        Backlog, RequestCount, PRequest, Required, GrownDemand, QueueWaited, QueueHours, Unserved, DShare, DaysOver, Retried, Packing,
        Availability, UPeak, LoadFactor, HSaturation, IdleReclaimable, ContractOnly, Stranded, LargestGang, Interruptions, Displaced, BadlyEnded,
        QueueRequests, QueueDevices, QueueAge, WaitP50, WaitP95, Cards, CardTime, CardUse, CardPeak, IdleWorking,
        FacilityEnergy, ItEnergy, Pue, EnergyPerWork, CarbonPerWork, Carbon, Changes, IdleCounted, Quota, HQuota, ActShare, Interrupted, Unmeasured,
    ];
}
