using System.Collections.Immutable;
using Headroom.Domain.Centers;

namespace Headroom.Simulation.Tenants;

/// <summary>Tenants for a center whose file names none. They are made up; no such organizations are meant.</summary>
internal static class InventedTenants
{
    public static ImmutableArray<TenantDefinition> All { get; } =
    [
        new(new("language-lab"), new("Language Model Lab", "语言大模型实验室"), "research", []),
        new(new("city-vision"), new("City Vision Company", "城市视觉公司"), "city", []),
        new(new("remote-sensing"), new("Remote Sensing Institute", "遥感智能研究所"), "research", []),
        new(new("smart-driving"), new("Smart Driving Studio", "智能驾驶工作室"), "transport", []),
        new(new("medical-imaging"), new("Medical Imaging Center", "医学影像中心"), "health", []),
        new(new("factory-quality"), new("Factory Quality Works", "工业质检工场"), "manufacturing", []),
        new(new("speech-team"), new("Speech Interaction Team", "语音交互团队"), "internet", []),
        new(new("university-ai"), new("University AI College", "大学人工智能学院"), "education", []),
    ];
}
